package clawster.runtime.packages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Python's and Node's indexes on this machine, with packages that are made for it. */
final class LocalIndex implements AutoCloseable {

  private static final String HANGS = "?hangs";

  private final Map<String, byte[]> served = new ConcurrentHashMap<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile int failure;

  LocalIndex() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private String at(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** All that a node has to be told to use it, and nothing that this machine has besides. */
  Map<String, String> environment() {
    var all = new LinkedHashMap<String, String>();
    all.put("PATH", System.getenv("PATH"));
    all.put("PIP_CONFIG_FILE", "/dev/null");
    all.put("PIP_INDEX_URL", at("/simple"));
    all.put("NPM_CONFIG_REGISTRY", at("/npm/"));
    return all;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getRawPath();
    try (exchange) {
      if (exchange.getRequestURI().toString().endsWith(HANGS)) {
        asked.countDown();
        over.await();
      }
      var body = failure == 0 ? served.get(path) : null;
      exchange.getResponseHeaders().set("Content-Type", type(path));
      exchange.sendResponseHeaders(
          body != null ? 200 : failure == 0 ? 404 : failure, body == null ? -1 : body.length);
      if (body != null) {
        exchange.getResponseBody().write(body);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String type(String path) {
    return path.startsWith("/simple") ? "text/html" : "application/json";
  }

  /** From now on, to whatever is asked. */
  void answers(int failure) {
    this.failure = failure;
  }

  /** Returns when somebody downloads what never comes. */
  void awaitDownload() throws InterruptedException {
    asked.await();
  }

  // --- Python's --------------------------------------------------------------------------------

  /** A package with these files, and a list that says what it is told to say besides. */
  void wheel(String name, String version, Map<String, String> files, String listed)
      throws IOException {
    var info = name + "-" + version + ".dist-info/";
    var all = new LinkedHashMap<>(files);
    all.putIfAbsent(
        info + "METADATA", "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
    all.put(
        info + "WHEEL",
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
    all.put(info + "RECORD", listed);
    var file = name + "-" + version + "-py3-none-any.whl";
    served.put("/files/" + file, zip(all));
    offer(name, file, "");
  }

  /** All versions of it. */
  void forget(String name) {
    served.remove("/simple/" + name + "/");
  }

  /** An index that knows of it, and has none. */
  void emptyPage(String name) {
    served.put("/simple/" + name + "/", new byte[0]);
  }

  void hangingWheel(String name) {
    offer(name, name + "-1.0-py3-none-any.whl", HANGS);
  }

  private void offer(String name, String file, String query) {
    var link = "<a href=\"/files/%s%s\">%s</a>\n".formatted(file, query, file);
    served.merge(
        "/simple/" + PackageKind.PIP.canonical(name) + "/",
        link.getBytes(StandardCharsets.UTF_8),
        LocalIndex::joined);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  // --- Node's ----------------------------------------------------------------------------------

  /**
   * @param more of its description, as JSON that begins with a comma; may be empty
   */
  void module(String name, String version, String more) throws IOException {
    var description = "{\"name\":\"%s\",\"version\":\"%s\"%s".formatted(name, version, more);
    var tarball = "/npm/" + name + "/-/" + version + ".tgz";
    served.put(
        tarball,
        tar(
            Map.of(
                "package/package.json",
                description + "}",
                "package/index.js",
                "#!/usr/bin/env node\nmodule.exports = '" + version + "';\n")));
    var whole =
        """
        {"name":"%s","dist-tags":{"latest":"%s"},"versions":{"%s":%s,
        "hasInstallScript":%s,"dist":{"tarball":"%s"}}}}
        """
            .formatted(name, version, version, description, more.contains("install"), at(tarball));
    served.put("/npm/" + name.replace("/", "%2f"), whole.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] tar(Map<String, String> files) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new GZIPOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        var content = file.getValue().getBytes(StandardCharsets.UTF_8);
        tar.write(header(file.getKey(), content.length));
        tar.write(content);
        tar.write(new byte[Math.floorMod(-content.length, 512)]);
      }
      tar.write(new byte[1024]);
    }
    return bytes.toByteArray();
  }

  private static byte[] header(String name, int length) {
    var header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(length));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (var each : header) {
      sum += each;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.close();
  }
}

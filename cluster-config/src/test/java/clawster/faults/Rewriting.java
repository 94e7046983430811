package clawster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Copies of compiled classes with something of ours in them, written to a directory that goes first
 * on a node's class path. A method that is not there, or there twice, fails the test: the product
 * has changed, and the row has to follow.
 */
final class Rewriting {

  private static final ClassDesc HOOKS = ClassDesc.of("clawster.faults.Hooks");
  private static final ClassFile CLASSES =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(Rewriting.class.getClassLoader())));

  private final Map<String, List<UnaryOperator<byte[]>>> changes = new LinkedHashMap<>();

  /** The hook is reached before the method does anything; it is given the method's arguments. */
  Rewriting hook(String hook, String type, String method) {
    return change(type, bytes -> hooked(bytes, method, hook));
  }

  /** {@link Hooks} does it instead, given the same arguments without the receiver. */
  Rewriting instead(String type, String method, String hooksMethod) {
    return change(type, bytes -> replaced(bytes, method, hooksMethod));
  }

  /** Whatever calls the method calls it twice, and gets what the second call returns. */
  Rewriting twice(String type, String method, int parameters) {
    return change(type, bytes -> doubled(bytes, method, parameters));
  }

  private Rewriting change(String type, UnaryOperator<byte[]> change) {
    changes.computeIfAbsent(type, _ -> new ArrayList<>()).add(change);
    return this;
  }

  void write(Path directory) {
    changes.forEach(
        (type, all) -> {
          var bytes = original(type);
          for (var change : all) {
            bytes = change.apply(bytes);
          }
          try {
            var file = directory.resolve(type.replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static byte[] original(String type) {
    var resource = "/" + type.replace('.', '/') + ".class";
    try (var in = Rewriting.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError("there is no class " + type);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] hooked(byte[] bytes, String name, String hook) {
    var model = CLASSES.parse(bytes);
    var method = only(model, name, -1);
    return CLASSES.transformClass(
        model,
        ClassTransform.transformingMethodBodies(
            candidate -> isSame(candidate, method), new Start(code -> call(code, method, hook))));
  }

  private static void call(CodeBuilder code, MethodModel method, String hook) {
    var parameters = method.methodTypeSymbol().parameterList();
    code.loadConstant(hook).loadConstant(parameters.size());
    code.anewarray(ConstantDescs.CD_Object);
    for (int i = 0; i < parameters.size(); i++) {
      if (!parameters.get(i).isPrimitive()) {
        code.dup().loadConstant(i).aload(code.parameterSlot(i)).aastore();
      }
    }
    code.invokestatic(
        HOOKS,
        "reached",
        MethodTypeDesc.of(
            ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_Object.arrayType()));
  }

  private static byte[] replaced(byte[] bytes, String name, String by) {
    var model = CLASSES.parse(bytes);
    var method = only(model, name, -1);
    return CLASSES.transformClass(
        model,
        ClassTransform.transformingMethods(
            candidate -> isSame(candidate, method),
            (builder, element) -> {
              if (element instanceof java.lang.classfile.CodeModel) {
                builder.withCode(code -> delegate(code, method, by));
              } else {
                builder.with(element);
              }
            }));
  }

  private static void delegate(CodeBuilder code, MethodModel method, String by) {
    var type = method.methodTypeSymbol();
    for (int i = 0; i < type.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
    }
    code.invokestatic(HOOKS, by, type).return_(TypeKind.from(type.returnType()));
  }

  private static byte[] doubled(byte[] bytes, String name, int parameters) {
    var model = CLASSES.parse(bytes);
    var method = only(model, name, parameters);
    var once = name + "Once";
    var self = model.thisClass().asSymbol();
    var type = method.methodTypeSymbol();
    return CLASSES.transformClass(
        model,
        (builder, element) -> {
          if (!(element instanceof MethodModel candidate && isSame(candidate, method))) {
            builder.with(element);
            return;
          }
          builder.withMethod(
              once,
              type,
              method.flags().flagsMask(),
              with -> method.code().ifPresent(body -> with.withCode(c -> body.forEach(c::with))));
          builder.withMethodBody(
              name,
              type,
              method.flags().flagsMask(),
              code -> {
                loadAll(code, type).invokevirtual(self, once, type).pop();
                loadAll(code, type).invokevirtual(self, once, type).areturn();
              });
        });
  }

  private static CodeBuilder loadAll(CodeBuilder code, MethodTypeDesc type) {
    code.aload(code.receiverSlot());
    for (int i = 0; i < type.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
    }
    return code;
  }

  private static MethodModel only(ClassModel model, String name, int parameters) {
    var found =
        model.methods().stream()
            .filter(method -> method.methodName().equalsString(name))
            .filter(method -> !method.flags().has(AccessFlag.BRIDGE))
            .filter(
                method ->
                    parameters < 0 || method.methodTypeSymbol().parameterCount() == parameters)
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "%d methods %s in %s".formatted(found.size(), name, model.thisClass().asInternalName()));
    }
    return found.getFirst();
  }

  private static boolean isSame(MethodModel one, MethodModel other) {
    return one.methodName().equals(other.methodName())
        && one.methodType().equals(other.methodType());
  }

  /** Something before everything else. */
  private record Start(java.util.function.Consumer<CodeBuilder> first) implements CodeTransform {

    @Override
    public void atStart(CodeBuilder builder) {
      first.accept(builder);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }
}

package clawster.persistence.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgres://u:pw@db:5433/claw                   | jdbc:postgresql://db:5433/claw             | u    | pw
          postgresql://u:pw@db/claw                      | jdbc:postgresql://db:5432/claw             | u    | pw
          POSTGRES://u:pw@db/claw                        | jdbc:postgresql://db:5432/claw             | u    | pw
          postgres://u@db                                | jdbc:postgresql://db:5432/u                | u    | ''
          postgres://u@db/                               | jdbc:postgresql://db:5432/u                | u    | ''
          postgres://a%40b:p%2Fw%3F%23%25@db/claw        | jdbc:postgresql://db:5432/claw             | a@b  | p/w?#%
          postgres://u:p+w:x@db/claw                     | jdbc:postgresql://db:5432/claw             | u    | p+w:x
          postgres://u:p@w@db/claw                       | jdbc:postgresql://db:5432/claw             | u    | p@w
          postgres://u:pw@[::1]:5433/claw                | jdbc:postgresql://[::1]:5433/claw          | u    | pw
          postgres://u:pw@[fe80::1]/claw                 | jdbc:postgresql://[fe80::1]:5432/claw      | u    | pw
          postgres://u:pw@a:1,b/claw                     | jdbc:postgresql://a:1,b:5432/claw          | u    | pw
          postgres://u:pw@db/my%20db                     | jdbc:postgresql://db:5432/my%20db          | u    | pw
          postgres://u:pw@db/c?sslmode=require           | jdbc:postgresql://db:5432/c?sslmode=require | u   | pw
          postgres://u:pw@db/c?connect_timeout=5&a=b     | jdbc:postgresql://db:5432/c?connectTimeout=5&a=b | u | pw
          jdbc:postgresql://db:5433/c?user=u&password=p%26w | jdbc:postgresql://db:5433/c             | u    | p&w
          jdbc:postgresql://db/c?user=u&ssl=true         | jdbc:postgresql://db:5432/c?ssl=true       | u    | ''
          """)
  void reads(String url, String jdbcUrl, String user, String password) {
    assertEquals(new DatabaseAddress(jdbcUrl, user, password), DatabaseAddress.parse(url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          mysql://u:geheim@db/c                  | must start with postgres://, postgresql:// or jdbc:postgresql://
          u:geheim@db/c                          | must start with postgres://, postgresql:// or jdbc:postgresql://
          postgres://db/c                        | names no user
          postgres://:geheim@db/c                | names no user
          postgres://u:geheim@/c                 | names no host
          postgres://u:geheim@db:70000/c         | has a port that is not a number from 1 to 65535
          postgres://u:geheim@db:x/c             | has a port that is not a number from 1 to 65535
          postgres://u:geheim@::1/c              | names no host
          postgres://u:geheim@fe80::1/c          | has more than one : after the host; an IPv6 address goes in [ ]
          postgres://u:geheim@[::1/c             | has an IPv6 address without its closing ]
          postgres://u:ge%heim@db/c              | has a % that no two hexadecimal digits follow; write it as %25
          postgres://u:ge#heim@db/c              | contains a #; write it as %23
          postgres://u:ge/heim@db/c              | has an unescaped / in the user, the password or the database; write it as %2F
          postgres://u:ge?heim@db/c              | has a parameter without a name or a value
          """)
  void refusesInOneSentenceWithoutThePassword(String url, String why) {
    String message =
        assertThrows(StartRefused.class, () -> DatabaseAddress.parse(url)).getMessage();
    assertEquals("CLAWSTER_DATABASE_URL " + why + ".", message);
    assertFalse(message.contains("heim"));
  }

  @Test
  void anAddressPrintsNoPassword() {
    String printed = DatabaseAddress.parse("postgres://u:geheim@db/c").toString();
    assertTrue(printed.contains("db:5432") && !printed.contains("geheim"), printed);
  }
}

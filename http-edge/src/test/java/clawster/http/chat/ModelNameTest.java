package clawster.http.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelNameTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          goclaw:writer     , writer          , false, true
          agent:writer      , writer          , false, true
          goclaw:           , ''              , false, true
          openclaw          , -               , true , true
          openclaw/default  , default         , true , true
          openclaw/writer   , writer          , true , true
          openclaw:writer   , writer          , true , true
          openclaw/a/b      , a/b             , true , true
          openclaw/         , ''              , true , true
          writer            , writer          , false, false
          gpt-5             , gpt-5           , false, false
          openclaws         , openclaws       , false, false
          OpenClaw          , OpenClaw        , false, false
          GOCLAW:writer     , GOCLAW:writer   , false, false
          ''                , ''              , false, false
          """)
  void aModelNamesAnAgentOrPerhapsOne(
      String model, String agent, boolean openclaw, boolean prefixed) {
    assertEquals(
        new ModelName(Optional.ofNullable(agent), openclaw, prefixed), ModelName.parse(model));
  }
}

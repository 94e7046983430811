package clawster.runtime.limits;

import java.util.concurrent.CompletionStage;

/** The token buckets of the whole cluster, by one clock. */
public interface Buckets {

  /** Takes tokens from a bucket, which is full if it is not known. No two takers get the same. */
  CompletionStage<RateRule.Grant> take(String name, int asked, RateRule rule);
}

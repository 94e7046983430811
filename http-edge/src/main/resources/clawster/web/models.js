// Which model answers, read off GET /v1/models. Pure.

const FACADE = /^openclaw([/:]|$)/;
const DEMO = /(^|[^a-z])demo([^a-z]|$)/i;

/** {id, demo} of the model behind the gateway's own name for it, or null when none is listed. */
export function answeringModel(list) {
  const models = list?.data ?? [];
  const model = models.find(({ id }) => !FACADE.test(id)) ?? models[0];
  if (!model) return null;
  return { id: model.id, demo: model.demo === true || DEMO.test(model.id) || DEMO.test(model.owned_by ?? "") };
}

package clawster.wrong.http.kernel;

import clawster.wrong.persistence.runs.Store;
import clawster.wrong.runtime.sessions.DreamRules;
import java.sql.Connection;

/** Wrong: knows a feature, the database and the module beside it. */
public record Frame(DreamRules rules, Store store, Connection connection) {}

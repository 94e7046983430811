/** OpenAI's chat completions and models, over sessions. A translation: nothing here decides. */
package clawster.http.chat;

// Which browsers ask to be let in, and which are.
import { Frame, Notice } from "./frame.js";
import { Fragment, h } from "./libraries.js";
import { language, say, when } from "./messages.js";

export function PairingPage(props) {
  return h(Frame, { here: "/pairing", name: "pairing", skip: "skipToDevices", deeds: props.deeds }, h(Body, props));
}

function Body({ watch: { known, seen, notice }, refused, deeds }) {
  return h(Fragment, null,
    refused && h(Notice, { notice: refused, label: say("dismiss"), onClick: deeds.dismiss }),
    notice && h(Notice, { notice, label: say("tryAgain"), onClick: deeds.retry }),
    !known && !notice && h("p", { class: "faint" }, say("loading")),
    known && h("div", { class: `packages ${notice ? "stale" : ""}` },
      h(Pending, { devices: known.pending, deeds }),
      h(Paired, { devices: known.paired, deeds })),
    known && h("p", { class: "faint facts" },
      h("span", null, say(notice ? "seenLast" : "seenAt", { time: seen.toLocaleTimeString(language()) }))));
}

function Pending({ devices, deeds }) {
  return h("section", { "aria-labelledby": "pending" },
    h("h2", { id: "pending" }, say("devicesPending")),
    h("p", { class: "faint" }, say(devices.length > 0 ? "compareCode" : "noPending")),
    devices.length > 0 && h(Devices, { caption: "devicesPending", columns: ["deviceCode", "deviceFrom", "deviceAsked", "deviceUntil"] },
      devices.map((device) => h("tr", { key: device.code, "data-code": device.code },
        h("th", { scope: "row" }, h("code", { class: "code-shown" }, device.code),
          h("span", { class: "node-facts" }, `${device.channel} · ${device.sender_id}`)),
        h("td", null, device.account_id || "–"),
        h("td", null, when(device.created_at)),
        h("td", null, when(device.expires_at)),
        h("td", { class: "deed" },
          h(Deed, { name: "approve", of: device.code, kind: "primary", onClick: () => deeds.approve(device) }),
          h(Deed, { name: "deny", of: device.code, kind: "stop", onClick: () => deeds.deny(device) }))))));
}

function Paired({ devices, deeds }) {
  return h("section", { "aria-labelledby": "paired" },
    h("h2", { id: "paired" }, say("devicesPaired")),
    devices.length === 0 && h("p", { class: "faint" }, say("noPaired")),
    devices.length > 0 && h(Devices, { caption: "devicesPaired", columns: ["device", "devicePaired", "deviceUsed", "deviceUntil"] },
      devices.map((device) => h("tr", { key: device.sender_id, "data-device": device.sender_id },
        h("th", { scope: "row" }, h("span", { class: "node-name" }, device.sender_id),
          h("span", { class: "node-facts" }, `${device.channel} · ${say("pairedBy", { who: device.paired_by })}`)),
        h("td", null, when(device.paired_at)),
        h("td", null, when(device.last_used_at)),
        h("td", null, when(device.expires_at)),
        h("td", { class: "deed" },
          h(Deed, { name: "revoke", of: device.sender_id, kind: "stop", onClick: () => deeds.revoke(device) }))))));
}

function Devices({ caption, columns, children }) {
  return h("div", { class: "scroller" }, h("table", { class: "nodes" },
    h("caption", { class: "unseen" }, say(caption)),
    h("thead", null, h("tr", null,
      columns.map((column) => h("th", { key: column, scope: "col" }, say(column))),
      h("th", { scope: "col" }, h("span", { class: "unseen" }, say("deviceDeeds"))))),
    h("tbody", null, children)));
}

const Deed = ({ name, of, kind, onClick }) =>
  h("button", { type: "button", class: kind, "aria-label": `${say(name)} ${of}`, onClick }, say(name));

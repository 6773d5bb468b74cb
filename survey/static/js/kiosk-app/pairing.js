// Enrolment: a one-time code, read from the QR code's address or typed, is changed for the device's own credential.
import { Unreachable, ask } from "./server.js";

const LENGTH = 8;

// The code of an address like /kiosk/may/#ghep=ABCD-EFGH; it is taken out of the address at once.
export function takeCodeFromAddress() {
  const code = new URLSearchParams(location.hash.slice(1)).get("ghep");
  if (location.hash) history.replaceState(null, "", location.pathname);
  return code ? tidyCode(code) : null;
}

export function tidyCode(typed) {
  const plain = typed.replace(/[^\p{L}\p{N}]/gu, "");
  return plain.length === LENGTH ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
}

// {device, credential}, or {problem: the key of a sentence}.
// With the credential that it had the server knows the same tablet again.
export async function pair(api, code, credential) {
  if (tidyCode(code).length !== LENGTH + 1) return { problem: "pairing_incomplete" };
  try {
    const answer = await ask(`${api}/device/pairing`, {
      method: "POST",
      credential,
      body: JSON.stringify({ code: tidyCode(code) }),
    });
    if (answer.status === 201 && answer.json?.credential && answer.json.device) return answer.json;
    if (answer.status === 404 && answer.problem) return { problem: "pairing_unknown" };
    return { problem: answer.status === 429 ? "pairing_too_often" : "pairing_no_server" };
  } catch (error) {
    if (error instanceof Unreachable) return { problem: "pairing_no_server" };
    throw error;
  }
}

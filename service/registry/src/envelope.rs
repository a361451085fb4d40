//! Signed documents outside TUF: `{"signed": …, "signatures": […]}` with the same canonical JSON and keys.
//!
//! `signed` carries `_type` and `format`, so that a signature over one kind of document says nothing about another.

use serde_json::{Map, Value, json};

use crate::{Error, KeySet, PublicKey, Result, SigningKey, json};

/// Bytes of one envelope.
const MAX_ENVELOPE: usize = 1024 * 1024;
/// Signatures looked at.
const MAX_SIGNATURES: usize = 64;

/// Signs `body` as a document of the type. `body` must not have the members `_type` and `format` itself.
pub fn sign_envelope(
    kind: &str,
    format: u32,
    body: Map<String, Value>,
    keys: &[&SigningKey],
) -> Result<Vec<u8>> {
    let refuse = |why: String| Error::Envelope { expected: kind.to_owned(), why };
    if body.contains_key("_type") || body.contains_key("format") {
        return Err(refuse("the body has a type or a format of its own".into()));
    }
    let mut signed = body;
    signed.insert("_type".into(), kind.into());
    signed.insert("format".into(), format.into());
    let signed = Value::Object(signed);
    let message = json::canonical(&signed).map_err(|error| refuse(error.to_string()))?;
    let signatures: Vec<Value> = keys
        .iter()
        .map(|key| json!({ "keyid": key.public().key_id(), "sig": hex::encode(key.sign(&message)) }))
        .collect();
    serde_json::to_vec(&json!({ "signatures": signatures, "signed": signed }))
        .map_err(|error| refuse(error.to_string()))
}

/// A document whose signatures nobody has looked at yet.
pub(crate) struct Envelope {
    pub signed: Map<String, Value>,
    signatures: Vec<Value>,
    message: Vec<u8>,
}

impl Envelope {
    /// Reads a document of the type and format; `longest` is in bytes.
    pub fn open(bytes: &[u8], kind: &str, format: u32, longest: usize) -> Result<Self> {
        let refuse = |why: String| Error::Envelope { expected: kind.to_owned(), why };
        if bytes.len() > longest {
            return Err(refuse(format!("it is longer than {} MiB", longest / (1024 * 1024))));
        }
        let mut envelope: Map<String, Value> =
            json::parse(bytes).map_err(|error| refuse(error.to_string()))?;
        let (Some(Value::Object(signed)), Some(Value::Array(signatures))) =
            (envelope.remove("signed"), envelope.remove("signatures"))
        else {
            return Err(refuse("it has no signed and signatures".into()));
        };
        if signed.get("_type").and_then(Value::as_str) != Some(kind) {
            return Err(refuse("it is of another type".into()));
        }
        if signed.get("format").and_then(Value::as_u64) != Some(u64::from(format)) {
            return Err(refuse("it is of another format".into()));
        }
        let signed = Value::Object(signed);
        let message = json::canonical(&signed).map_err(|error| refuse(error.to_string()))?;
        let Value::Object(signed) = signed else { return Err(refuse("it is no object".into())) };
        Ok(Self { signed, signatures, message })
    }

    /// Whether a key signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        count_valid(&self.signatures, &self.message, &KeySet::single(*key)) == 1
    }
}

/// Returns the signed document if it is of the type and format and enough keys of the set signed it.
pub fn verify_envelope(bytes: &[u8], kind: &str, format: u32, keys: &KeySet) -> Result<Map<String, Value>> {
    let envelope = Envelope::open(bytes, kind, format, MAX_ENVELOPE)?;
    let valid = count_valid(&envelope.signatures, &envelope.message, keys);
    if valid < keys.threshold() as usize {
        let why = format!("{valid} of {} needed signatures are valid", keys.threshold());
        return Err(Error::Signature { role: kind.to_owned(), why });
    }
    Ok(envelope.signed)
}

/// Distinct keys of the set with a valid signature.
pub(crate) fn count_valid(signatures: &[Value], message: &[u8], keys: &KeySet) -> usize {
    let signed_by = |key: &&PublicKey| {
        let id = key.key_id();
        signatures.iter().take(MAX_SIGNATURES).any(|signature| {
            let text = |member: &str| signature.get(member).and_then(Value::as_str).unwrap_or_default();
            let lower = !text("sig").bytes().any(|byte| byte.is_ascii_uppercase());
            text("keyid") == id
                && lower
                && hex::decode(text("sig")).is_ok_and(|sig| key.verifies(message, &sig))
        })
    };
    keys.keys().filter(signed_by).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Map<String, Value> {
        Map::from_iter([("text".to_owned(), Value::from(text))])
    }

    #[test]
    fn an_envelope_holds_for_its_type_format_and_keys() {
        let [a, b, c] = [1, 2, 3].map(|n| SigningKey::from_seed([n; 32]));
        let two = KeySet::new([a.public(), b.public()], 2).expect("a set");
        let bytes = sign_envelope("note", 1, body("Grüße\n"), &[&a, &b]).expect("signs");
        let signed = verify_envelope(&bytes, "note", 1, &two).expect("verifies");
        assert_eq!(signed["text"], "Grüße\n");
        assert!(verify_envelope(&bytes, "ticket", 1, &two).is_err());
        assert!(verify_envelope(&bytes, "note", 2, &two).is_err());
        assert!(verify_envelope(&bytes, "note", 1, &KeySet::single(c.public())).is_err());
        let one = sign_envelope("note", 1, body("x"), &[&a, &a]).expect("signs");
        assert!(verify_envelope(&one, "note", 1, &two).is_err(), "one key signing twice is one signature");
    }

    #[test]
    fn refuses_altered_bodies_and_odd_signatures() {
        let key = SigningKey::from_seed([1; 32]);
        let keys = KeySet::single(key.public());
        let bytes = sign_envelope("note", 1, body("one"), &[&key]).expect("signs");
        let text = String::from_utf8(bytes.clone()).expect("utf-8");
        let altered = text.replace("\"one\"", "\"two\"");
        assert!(verify_envelope(altered.as_bytes(), "note", 1, &keys).is_err());
        let twice = text.replace("\"text\":", "\"text\":\"x\",\"text\":");
        assert!(verify_envelope(twice.as_bytes(), "note", 1, &keys).is_err());
        let mut value: Value = serde_json::from_slice(&bytes).expect("json");
        let signature = value["signatures"][0]["sig"].as_str().expect("hex").to_owned();
        for odd in
            [signature.to_uppercase(), signature[2..].to_owned(), format!("{signature}00"), "zz".into()]
        {
            value["signatures"][0]["sig"] = odd.into();
            assert!(verify_envelope(&serde_json::to_vec(&value).expect("json"), "note", 1, &keys).is_err());
        }
        assert!(
            sign_envelope("note", 1, Map::from_iter([("_type".to_owned(), Value::Null)]), &[&key]).is_err()
        );
    }
}

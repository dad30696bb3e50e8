//! The stream: the answer of its gateway, the address that comes of it, and its frames with their answers. Pure.
//!
//! Every frame but `disconnect` is answered under its own `messageId`. A ping gets its data back, an event is `SUCCESS`;
//! one that is not answered comes again.

use adjourn_connector_kit::{Body, ConnectorError, Kind, OwnDomain, Request, SecretQuery};
use adjourn_domain::capability::Effect;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use url::Url;

/// Longest ticket and id of a message.
const MAX_ID: usize = 512;
/// The domain of the platform's own hosts: the gateway sends clients to another one than its own.
const DOMAIN: &str = "dingtalk.com";

/// Where a stream is opened, and with what. The ticket is good for one stream and 90 seconds.
#[derive(Debug, Deserialize)]
pub(in crate::dingtalk) struct Gate {
    endpoint: String,
    ticket: String,
}

/// The request that opens the stream.
pub(in crate::dingtalk) fn open(gate: &Gate) -> Result<Request, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Protocol, "the gateway names no address for a stream");
    let http = gate.endpoint.strip_prefix("ws").map(|rest| format!("http{rest}")).ok_or_else(wrong)?;
    let mut url = Url::parse(&http).map_err(|_| wrong())?;
    let ticket = &gate.ticket;
    if !url.has_host()
        || !matches!(url.scheme(), "http" | "https")
        || ticket.is_empty()
        || ticket.len() > MAX_ID
    {
        return Err(wrong());
    }
    url.query_pairs_mut().append_pair("ticket", ticket);
    let mut request = http::Request::get(url.as_str()).body(Bytes::new()).map_err(|_| wrong())?;
    request.extensions_mut().insert(SecretQuery(&["ticket"]));
    request.extensions_mut().insert(OwnDomain(DOMAIN));
    Ok(request)
}

/// A frame that the platform sent.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::dingtalk) enum Came {
    /// It asks whether somebody is there. The answer.
    Ping(Body),
    /// It ends this stream soon.
    Disconnect,
    /// An event. The answer that it was taken.
    Event(Body),
    /// Something that is not for us. The answer, if there has to be one.
    Other(Option<Body>),
}

#[derive(Deserialize)]
struct Frame {
    r#type: String,
    headers: Headers,
    #[serde(default)]
    data: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Headers {
    #[serde(default)]
    topic: String,
    #[serde(default)]
    message_id: String,
}

/// Reads a frame.
///
/// # Errors
/// `Protocol` for what is no frame of this stream.
pub(in crate::dingtalk) fn read(bytes: &[u8]) -> Result<Came, ConnectorError> {
    let wrong = |says: &str| ConnectorError::protocol(says).effect(Effect::NotApplied);
    let frame: Frame = serde_json::from_slice(bytes).map_err(|_| wrong("a frame of another shape"))?;
    let id = &frame.headers.message_id;
    if id.len() > MAX_ID {
        return Err(wrong("a frame with an id without end"));
    }
    let named = || if id.is_empty() { Err(wrong("a frame without an id")) } else { Ok(id.as_str()) };
    Ok(match (frame.r#type.as_str(), frame.headers.topic.as_str()) {
        ("SYSTEM", "ping") => Came::Ping(answer(named()?, 200, "OK", &frame.data.unwrap_or_default())),
        ("SYSTEM", "disconnect") => Came::Disconnect,
        ("EVENT", _) => {
            let taken = json!({ "status": "SUCCESS", "message": "success" });
            Came::Event(answer(named()?, 200, "OK", &taken.to_string()))
        }
        // Nothing but events is subscribed to.
        ("CALLBACK", _) => Came::Other(Some(answer(named()?, 404, "topic not subscribed", "{}"))),
        _ => Came::Other(None),
    })
}

fn answer(id: &str, code: u16, message: &str, data: &str) -> Body {
    let headers = json!({ "contentType": "application/json", "messageId": id });
    Bytes::from(json!({ "code": code, "headers": headers, "message": message, "data": data }).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn gate(endpoint: &str, ticket: &str) -> Result<Request, ConnectorError> {
        open(&Gate { endpoint: endpoint.to_owned(), ticket: ticket.to_owned() })
    }

    fn value(body: &Body) -> Value {
        serde_json::from_slice(body).unwrap()
    }

    #[test]
    fn the_gateways_answer_becomes_the_address_of_the_stream() {
        let document = json!({
            "endpoint": "wss://wss-open-connection.dingtalk.com:443/connect",
            "ticket": "7724109a-ea43-4aa2-b803-87d82c5aaee6",
        });
        let request = open(&serde_json::from_value(document).unwrap()).unwrap();
        let host = "https://wss-open-connection.dingtalk.com/connect?ticket=";
        assert_eq!(request.uri().to_string(), format!("{host}7724109a-ea43-4aa2-b803-87d82c5aaee6"));
        assert_eq!(adjourn_connector_kit::transport::shown(&request), format!("{host}***"));
        assert_eq!(
            gate("ws://127.0.0.1:7/connect", "a b&c").unwrap().uri(),
            "http://127.0.0.1:7/connect?ticket=a+b%26c"
        );
        for (endpoint, ticket) in [
            ("https://x.dingtalk.com/connect", "t"),
            ("wss://x.dingtalk.com", ""),
            ("wss:", "t"),
            ("wsx://x", "t"),
            ("", "t"),
        ] {
            assert_eq!(gate(endpoint, ticket).unwrap_err().kind, Kind::Protocol, "{endpoint}");
        }
    }

    #[test]
    fn frames_are_answered_as_the_document_shows() {
        let frame = |kind: &str, topic: &str, data: &str| {
            let headers =
                json!({ "topic": topic, "messageId": "213d841d_972", "contentType": "application/json" });
            read(json!({ "type": kind, "headers": headers, "data": data }).to_string().as_bytes()).unwrap()
        };
        let headers = json!({ "contentType": "application/json", "messageId": "213d841d_972" });
        let Came::Ping(pong) = frame("SYSTEM", "ping", "{\"opaque\":\"123-dsfs\"}") else {
            panic!("no ping")
        };
        let wanted =
            json!({ "code": 200, "headers": headers, "message": "OK", "data": "{\"opaque\":\"123-dsfs\"}" });
        assert_eq!(value(&pong), wanted);
        let Came::Event(taken) = frame("EVENT", "*", "{}") else { panic!("no event") };
        let taken = value(&taken);
        assert_eq!((&taken["code"], &taken["headers"]), (&json!(200), &headers));
        let data: Value = serde_json::from_str(taken["data"].as_str().unwrap()).unwrap();
        assert_eq!(data, json!({ "status": "SUCCESS", "message": "success" }));
        assert_eq!(frame("SYSTEM", "disconnect", "{\"reason\":\"connection is expired\"}"), Came::Disconnect);
        assert_eq!(frame("SYSTEM", "KEEPALIVE", ""), Came::Other(None));
        let Came::Other(Some(unknown)) = frame("CALLBACK", "/v1.0/im/bot/messages/get", "{}") else {
            panic!("a callback is not answered")
        };
        assert_eq!(value(&unknown)["code"], 404);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let long = json!({ "type": "EVENT", "headers": { "messageId": "x".repeat(MAX_ID + 1) } }).to_string();
        for bad in
            ["", "<html>", "[]", "{}", "{\"type\":\"EVENT\",\"headers\":{}}", "\u{0}\u{1}", &deep, &long]
        {
            assert_eq!(
                read(bad.as_bytes()).unwrap_err().kind,
                Kind::Protocol,
                "{}",
                &bad[..bad.len().min(40)]
            );
        }
    }
}

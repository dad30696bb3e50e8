//! What stands between an installation and a simulator: it passes everything on, and says something else over streams, or
//! spoils what opens them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Text that is replaced by another one of the same length wherever a stream is asked for.
type Spoilt = Option<(&'static str, &'static str)>;

/// It runs until the process ends.
pub(crate) struct Between {
    address: String,
    spoilt: Arc<AtomicUsize>,
    said: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Between {
    /// In front of `upstream`. The first streams hear one each of `says` and nothing else.
    pub(crate) fn start(upstream: &str, says: Vec<Vec<u8>>, spoil: Spoilt) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (spoilt, said) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(says)));
        let between = Self { address, spoilt: spoilt.clone(), said: said.clone() };
        let upstream = upstream.to_owned();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (upstream, spoilt, said) = (upstream.clone(), spoilt.clone(), said.clone());
                // Whoever hangs up in the middle has had enough.
                std::thread::spawn(move || pass(client, &upstream, spoil, &spoilt, &said));
            }
        });
        between
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often something was spoilt.
    pub(crate) fn spoilt(&self) -> usize {
        self.spoilt.load(Ordering::SeqCst)
    }

    /// How much is left to be said.
    pub(crate) fn left(&self) -> usize {
        self.said.lock().unwrap().len()
    }
}

/// One request and its reply, or one stream.
fn pass(
    mut client: TcpStream,
    upstream: &str,
    spoil: Spoilt,
    spoilt: &AtomicUsize,
    said: &Mutex<Vec<Vec<u8>>>,
) -> std::io::Result<()> {
    let mut request = head(&mut client)?;
    let text = request.to_ascii_lowercase();
    let stream = text.contains("upgrade: websocket");
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    if !stream {
        request = request.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
    }
    let mut all = request.into_bytes();
    all.extend(body);
    if let Some((from, to)) = spoil.filter(|_| stream || text.contains("/gateway/connections/open")) {
        let whole = String::from_utf8(all).unwrap();
        if whole.contains(from) {
            spoilt.fetch_add(1, Ordering::SeqCst);
        }
        all = whole.replace(from, to).into_bytes();
    }
    let mut server = TcpStream::connect(upstream)?;
    server.write_all(&all)?;
    let instead = if stream { said.lock().unwrap().pop() } else { None };
    if let Some(instead) = instead {
        // The handshake is a real one; what follows is not.
        client.write_all(head(&mut server)?.as_bytes())?;
        let _ = client.write_all(&instead);
        let _ = client.read_to_end(&mut Vec::new());
        return Ok(());
    }
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Both);
    });
    let _ = std::io::copy(&mut server, &mut client);
    let _ = client.shutdown(Shutdown::Both);
    Ok(())
}

/// Everything up to the empty line.
fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut all = Vec::new();
    let mut byte = [0];
    while !all.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        all.extend(byte);
    }
    Ok(String::from_utf8(all).unwrap())
}

/// A frame of a server.
pub(crate) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut all = vec![0x80 | opcode, 127];
    all.extend((payload.len() as u64).to_be_bytes());
    all.extend(payload);
    all
}

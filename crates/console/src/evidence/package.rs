//! A bag on its way to a browser: a thread packs it, and waits whenever the browser does. A few pieces are all that is held.

use std::io::{self, Write};
use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_app::ports::{BagKind, Bundles};
use axum::body::{Body, Bytes};
use futures_util::stream::unfold;
use tokio::sync::mpsc;

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;
/// Pieces that wait.
const PIECES: usize = 4;

/// The bag as the body of an answer. What goes wrong before the first piece is an error; what goes wrong later breaks the download off.
pub(super) async fn stream(bundles: Arc<dyn Bundles>, kind: BagKind, name: String) -> Result<Body, AppError> {
    let (to, mut pieces) = mpsc::channel::<Result<Bytes, AppError>>(PIECES);
    tokio::task::spawn_blocking(move || {
        let mut pipe = Pipe { to, piece: Vec::with_capacity(PIECE) };
        let done = bundles
            .pack(kind, &name, &mut pipe)
            .and_then(|()| pipe.flush().map_err(|error| AppError::io(&error, &name)));
        if let Err(error) = done {
            // Nobody is told when whoever read has gone.
            let _ = pipe.to.blocking_send(Err(error));
        }
    });
    let first = match pieces.recv().await {
        Some(first) => first?,
        None => return Err(AppError::new("internal").with("says", "nothing was packed")),
    };
    let rest = unfold((Some(first), pieces), |(first, mut pieces)| async move {
        let piece = match first {
            Some(piece) => Ok(piece),
            None => pieces.recv().await?.map_err(|error| io::Error::other(error.to_string())),
        };
        Some((piece, (None, pieces)))
    });
    Ok(Body::from_stream(rest))
}

struct Pipe {
    to: mpsc::Sender<Result<Bytes, AppError>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.to.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

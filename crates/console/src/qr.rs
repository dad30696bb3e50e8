//! A link as a code to scan, drawn as one path.

use adjourn_app::AppError;
use qrcode::{Color, EcLevel, QrCode};

use crate::html::Html;

/// Empty modules around a code, as scanners want them.
const QUIET: usize = 4;

/// Draws the code.
///
/// # Errors
/// `task.url` for a link that is too long for one.
pub fn code(html: &mut Html, link: &str) -> Result<(), AppError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)
        .map_err(|error| AppError::new("task.url").with("url", link).with("says", error))?;
    let width = code.width();
    let side = width + 2 * QUIET;
    html.raw("<svg role=\"img\" aria-hidden=\"true\" viewBox=\"0 0 ")
        .text(side)
        .raw(" ")
        .text(side)
        .raw("\" shape-rendering=\"crispEdges\">");
    html.raw("<path fill=\"#fff\" d=\"M0 0h")
        .text(side)
        .raw("v")
        .text(side)
        .raw("H0z\"/><path fill=\"#000\" d=\"");
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            html.raw("M").text(x).raw(" ").text(y).raw("h1v1h-1z");
        }
    }
    html.raw("\"/></svg>\n");
    Ok(())
}

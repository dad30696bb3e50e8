//! Pages of a list by cursor: whoever asks for what comes after the last row sees each row once, also when others are added or removed meanwhile.

use std::borrow::Cow;

use adjourn_app::AppError;
use adjourn_domain::canonical::{hex, unhex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Rows of a page where nobody says.
const ROWS: u32 = 100;
/// Most rows of a page.
const MAX_ROWS: u32 = 500;
/// Longest cursor, in characters.
const MAX_CURSOR: usize = 4096;

/// A page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// What `after` has to be for the next page; null on the last one.
    pub(crate) next: Option<String>,
}

/// Pages of different rows are different schemas; a derived name would be the same for all.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let next = SchemaType::from_iter([Type::String, Type::Null]);
        ObjectBuilder::new()
            .description(Some("A page of a list."))
            .property("items", ArrayBuilder::new().items(Ref::from_schema_name(T::name())))
            .required("items")
            .property(
                "next",
                ObjectBuilder::new()
                    .schema_type(next)
                    .description(Some("What `after` has to be for the next page; null on the last one.")),
            )
            .required("next")
            .into()
    }
}

impl<T> Page<T> {
    /// The page of rows that are in the order of their keys.
    ///
    /// # Errors
    /// `cursor.invalid`; `request.form` for a limit that is none.
    pub(crate) fn of<K: Ord + Serialize + DeserializeOwned>(
        rows: Vec<T>,
        key: impl Fn(&T) -> K,
        after: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Self, AppError> {
        let limit = rows_of(limit)?;
        let after = after.map(read::<K>).transpose()?;
        let mut rest =
            rows.into_iter().skip_while(|row| after.as_ref().is_some_and(|after| key(row) <= *after));
        let items: Vec<T> = rest.by_ref().take(limit).collect();
        let more = rest.next().is_some();
        Self::cut(items, key, more)
    }

    /// The page of rows that were cut out of the list already, and whether there are more behind them.
    ///
    /// # Errors
    /// None that a caller makes.
    pub(crate) fn cut<K: Serialize>(
        items: Vec<T>,
        key: impl Fn(&T) -> K,
        more: bool,
    ) -> Result<Self, AppError> {
        let next = items.last().filter(|_| more).map(|last| written(&key(last))).transpose()?;
        Ok(Self { items, next })
    }

    /// The same with each row made into something else.
    pub(crate) fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(make).collect(), next: self.next }
    }
}

/// How many rows a page has at most.
///
/// # Errors
/// `request.form` for a limit that is none.
pub(crate) fn rows_of(limit: Option<u32>) -> Result<usize, AppError> {
    match limit.unwrap_or(ROWS) {
        limit if (1..=MAX_ROWS).contains(&limit) => Ok(limit as usize),
        _ => Err(AppError::new("request.form").with("says", format!("limit: 1..{MAX_ROWS}"))),
    }
}

fn written<K: Serialize>(key: &K) -> Result<String, AppError> {
    Ok(hex(&serde_json::to_vec(key)?))
}

/// The key behind a cursor.
///
/// # Errors
/// `cursor.invalid`.
pub(crate) fn read<K: DeserializeOwned>(text: &str) -> Result<K, AppError> {
    let bytes = (text.len() <= MAX_CURSOR).then(|| unhex(text)).flatten();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(|| AppError::new("cursor.invalid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[u64], after: Option<&str>, limit: u32) -> (Vec<u64>, Option<String>) {
        let page = Page::of(rows.to_vec(), |row| *row, after, Some(limit)).unwrap();
        (page.items, page.next)
    }

    #[test]
    fn each_row_is_seen_once_also_when_rows_come_and_go() {
        let (first, next) = page(&[1, 3, 5, 7], None, 2);
        assert_eq!(first, [1, 3]);
        // The last row that was seen is gone, and one came before and one behind it.
        let (second, next) = page(&[1, 2, 4, 5, 7], next.as_deref(), 2);
        assert_eq!(second, [4, 5]);
        assert_eq!(page(&[5, 7], next.as_deref(), 2), (vec![7], None));
        assert_eq!(page(&[], None, 2), (vec![], None));
    }

    #[test]
    fn a_cursor_that_is_none_and_a_limit_that_is_none_are_refused() {
        for cursor in ["x", "", "00", "5b5d", &"0".repeat(10_000)] {
            let refused = Page::of(vec![1_u64], |row| *row, Some(cursor), None).err().unwrap();
            assert_eq!(refused.code(), "cursor.invalid", "{cursor:.10}");
        }
        for limit in [0, 501] {
            assert_eq!(
                Page::of(vec![1_u64], |row| *row, None, Some(limit)).err().unwrap().code(),
                "request.form"
            );
        }
    }
}

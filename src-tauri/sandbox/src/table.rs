//! CSV files as consoles give them, and those made from JSON objects.

use std::io;

use serde_json::Value;

/// The media type of such a file.
pub(crate) const CSV: &str = "text/csv; charset=utf-8";

/// A heading, and where its value stands in an object.
pub(crate) type Column = (&'static str, &'static str);

/// A CSV file with its heading; what is not there is an empty cell.
pub(crate) fn of(columns: &[Column], rows: impl Iterator<Item = Value>) -> String {
    let mut writer = writer(Vec::new());
    // Nothing can fail that is written to memory, in rows of one length.
    let _ = writer.write_record(columns.iter().map(|(heading, _)| heading));
    for row in rows {
        let _ = writer.write_record(columns.iter().map(|(_, place)| cell(row.pointer(place))));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// As Windows writes lines.
pub(crate) fn writer<W: io::Write>(file: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file)
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

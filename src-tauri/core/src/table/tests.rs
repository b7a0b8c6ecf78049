//! Tables as consoles and people write them, and files that are none.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use csv::ByteRecord;
use encoding_rs::Encoding;

use super::{open, shown};
use crate::error::Problem;

/// Encoding, separator, names of the columns, and the rows with the line on which each begins.
#[derive(Debug, PartialEq)]
struct Seen {
    encoding: &'static str,
    separator: char,
    headers: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

fn read(bytes: &[u8]) -> Result<Seen, Problem> {
    let mut table = open(bytes)?;
    let (mut row, mut rows) = (ByteRecord::new(), Vec::new());
    while table.read(&mut row)? {
        rows.push((table.line(), row.iter().map(|cell| shown(cell).into_owned()).collect()));
    }
    assert_eq!(table.bytes(), bytes.len() as u64, "every byte is counted");
    let headers = table.headers().to_vec();
    Ok(Seen { encoding: table.encoding(), separator: table.separator(), headers, rows })
}

fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
    read(bytes).unwrap_or_else(|problem| panic!("{problem}")).rows
}

fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

fn utf16(text: &str, mark: bool, little: bool) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    let units = mark.into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn encodings_are_told_apart() {
    let german = "Anmeldename;Vorname;Nachname\nmueller@example.com;Jürgen;Müller\ngross@example.com;Käthe;Groß\nöz@example.com;Özgür;Weiß\n";
    let japanese =
        "ログイン,名,姓\nsato@example.com,太郎,佐藤\nsuzuki@example.com,花子,鈴木\ntakahashi@example.com,健一,高橋\n";
    let russian = "Логин;Имя;Фамилия\nivan@example.com;Иван;Петров\nolga@example.com;Ольга;Смирнова\npetr@example.com;Пётр;Кузнецов\n";
    let chinese = "登录名,名字,姓氏\nli@example.com,小龙,李\nwang@example.com,秀英,王\nzhang@example.com,伟,张\n";
    let taiwan = "登入名稱,名字,姓氏\nchen@example.com,俊傑,陳\nlin@example.com,雅婷,林\nhuang@example.com,怡君,黃\n";
    let korean = "로그인,이름,성\nkim@example.com,민준,김\nlee@example.com,서연,이\npark@example.com,도윤,박\n";
    let polish = "Nazwa użytkownika;Imię;Nazwisko\nlukasz@example.com;Łukasz;Żółć\nzofia@example.com;Zofia;Święcicka\n";
    for (text, label) in [
        (german, "windows-1252"),
        (japanese, "Shift_JIS"),
        (russian, "windows-1251"),
        (chinese, "GBK"),
        (taiwan, "Big5"),
        (korean, "EUC-KR"),
        (polish, "windows-1250"),
    ] {
        let plain = read(text.as_bytes()).unwrap_or_else(|problem| panic!("{label}: {problem}"));
        assert_eq!(plain.encoding, "UTF-8");
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or_else(|| panic!("{label}"));
        let bytes = encoding.encode(text).0;
        let seen = read(&bytes).unwrap_or_else(|problem| panic!("{label}: {problem}"));
        assert_eq!(seen.encoding, label);
        assert_eq!((&seen.headers, &seen.rows), (&plain.headers, &plain.rows), "{label}");
        for (mark, little) in [(true, true), (true, false), (false, true), (false, false)] {
            let seen = read(&utf16(text, mark, little)).unwrap_or_else(|problem| panic!("{label}: {problem}"));
            assert_eq!(seen.encoding, if little { "UTF-16LE" } else { "UTF-16BE" }, "{label} {mark}");
            assert_eq!((&seen.headers, &seen.rows), (&plain.headers, &plain.rows), "{label} {mark}");
        }
    }
    let marked = read("\u{feff}login,é\na,b\n".as_bytes()).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((marked.encoding, marked.headers[0].as_str()), ("UTF-8", "login"), "the mark is no part of a name");
}

#[test]
fn an_umlaut_far_behind_the_first_piece_is_read_in_its_encoding() {
    let mut text = "login;name\n".to_owned();
    for number in 0..20_000 {
        text.push_str(&format!("user{number}@example.com;Ada\n"));
    }
    text.push_str("last@example.com;Jürgen Müller-Groß\n");
    for (label, encoding) in [("UTF-8", encoding_rs::UTF_8), ("windows-1252", encoding_rs::WINDOWS_1252)] {
        let seen = read(&encoding.encode(&text).0).unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(seen.encoding, label);
        assert_eq!(seen.rows[20_000], row(20_002, &["last@example.com", "Jürgen Müller-Groß"]), "{label}");
    }
}

#[test]
fn one_broken_letter_does_not_make_a_text_another_encoding() {
    let mut bytes = "login,name\n".to_owned().into_bytes();
    for _ in 0..50 {
        bytes.extend_from_slice("a@example.com,Jürgen\n".as_bytes());
    }
    bytes.extend_from_slice(b"b@example.com,J\xc3\n");
    let seen = read(&bytes).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((seen.encoding, seen.rows[50].1[1].as_str()), ("UTF-8", "J\u{fffd}"));
}

#[test]
fn separators_are_found() {
    for (text, separator) in [
        ("a,b,c\n1,2,3\n", ','),
        ("a;b;c\n1;2;3\n", ';'),
        ("a\tb\tc\n1\t2\t3\n", '\t'),
        ("a|b|c\n1|2|3\n", '|'),
        ("login;name\n\"x,y\";Lovelace, Ada\nz;Hopper, Grace\n", ';'),
        ("login,name\nx,\"a;b;c\"\ny,\"d;e;f\"\n", ','),
        ("name;mail\n\"He said \"\"a;b\"\"\";x\n\"c\";y\n", ';'),
        ("login\nada@example.com\ngrace@example.com\n", ','),
        ("sep=;\na,b;c\n1;2\n", ';'),
        ("\"sep=|\"\r\na|b\r\n1|2\r\n", '|'),
        ("SEP=\t\na\tb\n1\t2\n", '\t'),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_or_else(|problem| panic!("{text:?}: {problem}")).separator, separator);
    }
    let seen = read(b"sep=;\na,b;c\n1;2\n").unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((seen.headers, seen.rows), (vec!["a,b".to_owned(), "c".to_owned()], vec![row(3, &["1", "2"])]));
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let wanted = vec![row(2, &["1", "2"]), row(5, &["3", "x\ny"]), row(7, &["5", "6"])];
    let text = "a,b\n1,2\n\n\n3,\"x\ny\"\n5,6";
    for breaks in ["\n", "\r\n", "\r"] {
        assert_eq!(rows(text.replace('\n', breaks).as_bytes()), wanted, "{breaks:?}");
        assert_eq!(rows(format!("{text}\n").replace('\n', breaks).as_bytes()), wanted, "{breaks:?}");
    }
    assert_eq!(rows(b"a,b\r\n1,2\n3,4\r\n"), [row(2, &["1", "2"]), row(3, &["3", "4"])], "mixed");
}

#[test]
fn what_a_console_writes_above_the_columns_is_no_row() {
    for text in [
        "version:v1.0\nlogin,name\na,b\n",
        "version:v1.0,\r\nlogin,name\r\na,b\r\n",
        "#TYPE Deserialized.User\nlogin,name\na,b\n",
    ] {
        let seen = read(text.as_bytes()).unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!((seen.headers, seen.rows), (vec!["login".into(), "name".into()], vec![row(3, &["a", "b"])]));
    }
}

#[test]
fn the_first_row_can_be_a_row() {
    let mut table = open(&b"\nada@example.com,Ada\ngrace@example.com,Grace\n"[..]).unwrap_or_else(|p| panic!("{p}"));
    table.first_is_a_row();
    let mut row = ByteRecord::new();
    let mut seen = Vec::new();
    while table.read(&mut row).unwrap_or_else(|problem| panic!("{problem}")) {
        seen.push((table.line(), shown(&row[0]).into_owned()));
    }
    assert_eq!(seen, [(2, "ada@example.com".to_owned()), (3, "grace@example.com".to_owned())]);
}

#[test]
fn what_is_no_table_is_named() {
    let wide_html = utf16("<!DOCTYPE html><html><body>Sign in</body></html>", true, true);
    for (bytes, word) in [
        (&b"PK\x03\x04\x14\x00\x06\x00"[..], "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Excel"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"  <!DOCTYPE html><html>", "web page"),
        (b"<html><body>", "web page"),
        (&wide_html, "web page"),
        (b"{\"value\": []}", "JSON"),
        (b"[{\"userPrincipalName\":\"ada@example.com\"}]", "JSON"),
        (b"\x00\x01\x02\x03\x00\x00\x00\x07", "text"),
        (b"", "nothing in it"),
        (b"\xef\xbb\xbf \r\n\r\n", "nothing in it"),
        (b"login,name\r\n", "one line only"),
        (b"version:v1.0\nlogin,name\n\n\n", "one line only"),
    ] {
        let problem = read(bytes).expect_err(word);
        assert!(problem.message.contains(word), "{word}: {problem}");
        assert!(!problem.hints.is_empty(), "{word}");
    }
    // Names that begin like one of those are names.
    for text in ["PKname,login\na,b\n", "[displayName] Required,x\na,b\n", "{name},x\na,b\n"] {
        assert!(read(text.as_bytes()).is_ok(), "{text}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_found_with_its_line() {
    let mut text = "login,name\n".to_owned();
    for number in 0..200_000 {
        let quote = if number == 41 { "\"" } else { "" };
        text.push_str(&format!("user{number}@example.com,{quote}Ada\n"));
    }
    let long = read(text.as_bytes()).expect_err("longer than a row may be");
    assert!(long.message.contains("line 43 ") && long.message.contains("1 MiB"), "{long}");
    let short = read(&text.as_bytes()[..20_000]).expect_err("it ends inside");
    assert!(short.message.contains("line 43,") && short.message.contains("not closed"), "{short}");
    // An inch mark inside a cell opens nothing.
    assert_eq!(rows(b"a,b\n1,5\" pipe\n2,x\n").len(), 2);
}

#[test]
fn too_many_columns_are_refused() {
    let text = format!("{}\n1,2\n", vec!["c"; 2_001].join(","));
    let problem = read(text.as_bytes()).expect_err("too many");
    assert!(problem.message.contains("2001 cells"), "{problem}");
}

#[test]
fn a_file_that_cannot_be_read_says_so() {
    struct Broken(usize);
    impl std::io::Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            if self.0 == 0 {
                return Err(std::io::Error::other("the disk is gone"));
            }
            self.0 -= 1;
            let text = b"login,name\na,b\n";
            let length = text.len().min(out.len());
            out[..length].copy_from_slice(&text[..length]);
            Ok(length)
        }
    }
    for pieces in [0, 3, 6_000] {
        let read = || -> Result<(), Problem> {
            let mut table = open(Broken(pieces))?;
            while table.read(&mut ByteRecord::new())? {}
            Ok(())
        };
        let problem = read().expect_err("the disk is gone");
        assert!(problem.message.contains("the disk is gone"), "{problem}");
    }
}

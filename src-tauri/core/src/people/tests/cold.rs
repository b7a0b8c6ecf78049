//! What a cold reader broke: lists that were green although rows were gone, people who fail nowhere, and headings that a
//! person reads at once.

use super::{HEADER, ada, aws, example, kind, report, rules};
use crate::people::{Report, Severity};

fn has(report: &Report, id: &str) -> bool {
    report.kinds.iter().any(|kind| kind.id == id)
}

#[test]
fn rows_that_a_quote_took_in_are_not_lost_in_silence() {
    let text = format!(
        "{HEADER},office\na@x.com,Ada,A,a@x.com,B,True,\"5' desk\nb@x.com,Bob,B,b@x.com,x,True,y\nc@x.com,C,C,,x,True,\"z\"\n\
         d@x.com,D,D,d@x.com,D,True,\n"
    );
    for target in [aws(), rules("generic-scim", "entra")] {
        let found = report(&text, &target);
        let finding = example(&found, "quote");
        assert_eq!((finding.line, finding.other_line), (2, Some(3)));
        assert!(
            finding.says.contains("the quote opened on line 2 takes in what look like rows 3–4"),
            "{}",
            finding.says
        );
        assert_eq!((found.ok, found.rows, found.would_fail), (false, 2, 1), "{found:#?}");
        assert_eq!(kind(&found, "quote").severity, Severity::WouldFail);
    }
    // The next quote is already in the next row, behind its user name; and in a list of two columns.
    for text in [
        format!("{HEADER}\na@x.com,\"A,L,,A,True\nb@x.com,\"Bob\",B,,x,True\n"),
        "login,name\na@x.com,\"A\nb@x.com,\"B\"\n".to_owned(),
        "login\n\"a@x.com\nb@x.com\nc@x.com\"\n".to_owned(),
    ] {
        let finding = report(&text, &aws());
        assert_eq!(example(&finding, "quote").other_line, Some(3), "{text}");
    }
}

#[test]
fn addresses_and_notes_of_several_lines_are_no_rows() {
    for note in [
        "Main St. 5\nFlat 3, 2nd floor\n10115 Berlin, Germany",
        "Away, then back, then away, then back, then away, gone\nask a@x.com",
        "Write to\na@x.com\nor b@x.com, please, not both",
        "said \"\"yes, no\"\"\nand went",
        "\n\n",
    ] {
        let text = format!("{HEADER},note\na@x.com,Ada,A,a@x.com,B,True,\"{note}\"\n");
        let found = report(&text, &aws());
        assert!(found.ok, "{note:?}: {found:#?}");
    }
}

#[test]
fn who_is_disabled_fails_nowhere_and_clashes_with_nobody() {
    let text = format!(
        "{HEADER}\nada@x.com,Ada,,ada@x.com,Ada,False\nADA@x.com,Ada,L,ada@x.com,Ada,True\nada@x.com,;,\u{200b},ada@x.com,,False\n"
    );
    let found = report(&text, &aws());
    assert_eq!((found.rows, found.would_fail, found.warned, found.ok), (3, 0, 2, true), "{found:#?}");
    assert_eq!((kind(&found, "disabled").count, found.kinds.len()), (2, 1));
}

#[test]
fn a_vague_name_does_not_beat_a_column_full_of_addresses() {
    for vague in ["User ID", "account", "user", "Benutzer", "Konto", "Usuario"] {
        let text = format!("{vague},mail,givenName,surname,displayName\n17,ada@x.com,A,L,A L\n18,bob@x.com,B,L,B L\n");
        let found = report(&text, &rules("azion", "entra"));
        assert!(found.ok, "{vague}: {found:#?}");
        assert!(
            found.notes.iter().any(|note| note.contains("Usher took `mail` as the user name")),
            "{:?}",
            found.notes
        );
        let text = format!("{vague},mail,givenName,surname,displayName\nada@x.com,a@y.com,A,L,A L\n");
        assert_eq!(report(&text, &aws()).columns[0].header, vague, "it holds addresses itself");
    }
    let sure = "userPrincipalName,mail,givenName,surname,displayName\nada,ada@x.com,A,L,A L\n";
    assert!(has(&report(sure, &rules("azion", "entra")), "user-name-not-an-email"));
}

#[test]
fn what_letters_and_pictures_are_joined_with_is_no_failure() {
    for name in [
        "علی\u{200c}رضا",
        "क्\u{200d}ष",
        "Ada \u{2764}\u{fe0f}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
        "\u{200f}محمد",
        "\u{200e}Ada",
    ] {
        for target in [aws(), rules("generic-scim", "entra")] {
            let found = report(&ada(name), &target);
            assert_eq!((found.would_fail, found.warned), (0, 1), "{name:?}: {found:#?}");
        }
    }
    // Between Latin letters a joiner is a slip, and AWS says what it takes; elsewhere nothing is known.
    for name in ["Love\u{200d}lace", "Ada\u{200f}", "Love\u{200b}lace", "\u{202e}Ada", "Ada\t"] {
        assert_eq!(report(&ada(name), &aws()).would_fail, 1, "{name:?}");
        let found = report(&ada(name), &rules("generic-scim", "entra"));
        assert_eq!((found.would_fail, found.warned), (0, 1), "{name:?}");
    }
    let login = format!("{HEADER}\nعلی\u{200c}رضا@x.com,A,L,,A,True\n");
    assert_eq!(report(&login, &rules("generic-scim", "entra")).would_fail, 1, "people sign in with it");
}

#[test]
fn headings_are_read_as_people_type_them() {
    let row = "ada@example.com,Ada,Lovelace,Ada L";
    for header in [
        "Identifiant,Prenom,Nom,Nom affiche",
        "Identifiant,Pre\u{301}nom,Nom,Nom affiche\u{301}",
        "Email Address [Required],First Name [Required],Last Name [Required],Display name (optional)",
        "E-mail *,First name *,Last name *,Full name",
        "Nazwa uzytkownika,Imie,Nazwisko,Nazwa wyswietlana",
        "Uzivatelske jmeno,Jmeno,Prijmeni,Cele jmeno",
        "Имя пользователя,Имя,Фамилия,Отображаемое имя",
        "ユーザー フ\u{309a}リンシハ\u{309a}ル名,名,姓,表示名",
    ] {
        for text in [
            format!("{header}\n{row}\n"),
            format!("Exported 2026-11-27\n\n{header}\n{row}\n"),
            format!("Users of Example,,,\nby: boss@example.com,,,\n\n{header}\n{row}\n"),
        ] {
            let found = report(&text, &aws());
            let taken: Vec<&str> = found.columns.iter().map(|column| column.attribute.as_str()).collect();
            assert_eq!(taken, ["user name", "given name", "surname", "display name"], "{text}");
            assert_eq!((found.rows, found.would_fail), (1, 0), "{text}");
        }
    }
    let text = format!("Exported 2026-11-27\n\n{HEADER}\nada@example.com,Ada,,,Ada,True\n");
    let found = report(&text, &aws());
    assert_eq!(example(&found, "missing-family-name").line, 4, "lines are counted as in an editor");
    assert!(found.notes.iter().any(|note| note.contains("line 3")), "{:?}", found.notes);
}

#[test]
fn groups_in_a_list_of_members_are_counted_as_groups() {
    for (column, group, person) in
        [("objectType", "group", "user"), ("Object type", "Group", "User"), ("isGroup", "True", "False")]
    {
        let text = format!(
            "{column},{HEADER}\n{person},ada@x.com,Ada,L,ada@x.com,Ada,True\n{group},,Sales,,,,\n{group},,Sales 2,,sales@x.com,,\n"
        );
        let found = report(&text, &aws());
        assert_eq!((found.rows, found.would_fail, kind(&found, "group-in-the-group").count), (1, 0, 2), "{found:#?}");
        assert!(kind(&found, "group-in-the-group").why.contains("reads only the people"), "{found:#?}");
        assert!(found.verdict.contains("2 groups"), "{}", found.verdict);
    }
    // The first column of such a name may say how somebody is a member.
    let text = "memberType,isGroup,userPrincipalName\nDirect,False,ada@x.com\nDirect,True,\n";
    assert_eq!(kind(&report(text, &rules("azion", "entra")), "group-in-the-group").count, 1);
}

#[test]
fn letters_of_another_encoding_are_noticed() {
    for name in ["ZoÃ«", "MuÃ±oz", "MÃ¼ller", "GroÃŸ", "GroÃ\u{9f}", "Ã\u{84}rzte", "PÃ\u{a0}l", "5Â°"] {
        let found = report(&ada(name), &aws());
        let finding = example(&found, "lost-letter");
        assert!(finding.says.contains("saved in another encoding"), "{name}: {}", finding.says);
        assert_eq!((found.would_fail, found.warned), (0, 1), "{name}: {found:#?}");
    }
    let found = report(&ada("MÃ¼ller;"), &aws());
    assert_eq!(found.would_fail, 1, "what is refused is refused all the same");
    for name in ["JOÃO", "Âne", "IRMÃ", "MÃE DE DEUS"] {
        assert!(report(&ada(name), &aws()).ok, "{name}");
    }
}

#[test]
fn what_dos_writes_at_the_end_is_nobody_and_a_wide_blank_is_a_blank() {
    let text = ada("Lovelace");
    for end in ["\u{1a}", "\u{1a}\n", "\n\u{1a}\r\n", "\u{1a}\u{1a}"] {
        let found = report(&format!("{text}{end}"), &aws());
        assert_eq!((found.rows, found.ok, found.kinds.len()), (1, true, 0), "{end:?}: {found:#?}");
    }
    let cut = text.trim_end();
    let found = report(&format!("{cut}\u{1a}"), &aws());
    assert_eq!((found.rows, found.kinds.len()), (1, 0), "{found:#?}");
    let found = report(&ada("佐藤\u{3000}"), &aws());
    assert_eq!(example(&found, "blanks").value.as_deref(), Some("佐藤⟨U+3000⟩"));
    assert!(report(&ada("佐藤\u{3000}太郎"), &aws()).ok);
}

#[test]
fn addresses_on_one_line_are_one_person_each() {
    let target = rules("azion", "entra");
    for text in [
        "ada@x.com; bob@x.com; carl@x.com",
        "ada@x.com, bob@x.com, carl@x.com\n",
        "ada@x.com\tbob@x.com\tcarl@x.com\t\n",
        "ada@x.com; bob@x.com; carl@x.com;\n",
    ] {
        let found = report(text, &target);
        assert_eq!((found.rows, found.warned), (3, 0), "{text:?}: {found:#?}");
        assert!(found.notes.iter().any(|note| note.contains("Each address")), "{:?}", found.notes);
    }
    let twice = report("ada@x.com; bob@x.com; ADA@x.com", &target);
    assert_eq!((twice.rows, kind(&twice, "duplicate-user-name").count), (3, 1));
    let two = report("ada@x.com,ada@x.com,Ada,Lovelace\nbob@x.com,bob@x.com,Bob,B\n", &target);
    assert_eq!(two.rows, 2, "a user name and an e-mail address");
    let bare = report("ada@x.com,ada@y.com\nbob@x.com,bob@y.com\n", &target);
    assert_eq!(bare.rows, 2, "rows of two are a user name and an e-mail address");
}

#[test]
fn every_console_s_word_for_disabled_is_known() {
    for (column, word) in [
        ("Sign-in status", "Sign-in blocked"),
        ("Account status", "Locked out"),
        ("Account status", "LOCKED_OUT"),
        ("Account status", "Disabled"),
        ("Account status", "Suspended"),
        ("Account status", "Deprovisioned"),
        ("Status [READ ONLY]", "Suspended"),
        ("Anmeldestatus", "Anmeldung blockiert"),
        ("Block sign in", "Yes"),
    ] {
        let text = format!("userPrincipalName,displayName,surname,givenName,{column}\nada@x.com,A L,L,A,{word}\n");
        let found = report(&text, &aws());
        assert_eq!((found.would_fail, found.kinds.len()), (0, 1), "{column} {word}: {found:#?}");
        assert!(has(&found, "disabled"), "{column} {word}");
    }
    let text = "userPrincipalName,displayName,surname,givenName,Sign-in status\nada@x.com,A L,L,A,Sign-in allowed\n";
    assert!(report(text, &aws()).kinds.is_empty());
}

#[test]
fn a_first_row_with_a_gap_does_not_decide_alone() {
    let found = report("ada@x.com,,Lovelace\nbob@x.com,Bob,Builder\ncarl@x.com,Carl,C\n", &rules("azion", "entra"));
    assert_eq!(example(&found, "missing-given-name").line, 1);
    assert_eq!((found.rows, found.would_fail), (3, 1));
    let found = report(",Ada,Lovelace\nbob@x.com,Bob,Builder\ncarl@x.com,Carl,C\n", &rules("azion", "entra"));
    assert_eq!((found.rows, example(&found, "missing-user-name").line), (3, 1));
    let found = report("Ada,ada@x.com\nBob,bob@x.com,bob@y.com\nCarl,carl@x.com,carl@y.com\n", &aws());
    assert_eq!((kind(&found, "cells-missing").count, found.rows), (1, 3), "{found:#?}");
}

#[test]
fn a_long_address_is_shown() {
    let name = format!("{}@example.com", "a".repeat(131 - 12));
    let found = report(&format!("{HEADER}\n{name},A,L,,A,True\n"), &aws());
    let finding = example(&found, "too-long");
    assert!(finding.who.starts_with("aaaa") && !format!("{found:?}").contains("not shown"), "{finding:?}");
}

#[test]
fn numbers_are_written_as_in_the_window() {
    let rows: String =
        (0..1_200).map(|n| format!("u{n}@x.com,U,{},,U,True\n", if n < 1_100 { "" } else { "S" })).collect();
    let verdict = report(&format!("{HEADER}\n{rows}"), &aws()).verdict;
    assert!(verdict.starts_with("1,100 of 1,200 people would fail at AWS."), "{verdict}");
}

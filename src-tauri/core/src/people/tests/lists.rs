//! Lists as the consoles and people write them: columns in many languages, none at all, and what is no list of people.

use super::{HEADER, aws, checked, kind, report, rules};
use crate::{class::Class, people::Rules};

/// What each column was taken for, in the order of the file.
fn taken(header: &str, row: &str, rules: &Rules) -> Vec<String> {
    let report = report(&format!("{header}\n{row}\n"), rules);
    let separator = if header.contains(';') { ';' } else { ',' };
    let place = |name: &str| header.split(separator).position(|column| column.trim() == name);
    let mut columns: Vec<(Option<usize>, String)> =
        report.columns.iter().map(|column| (place(&column.header), column.attribute.clone())).collect();
    columns.sort();
    columns.into_iter().map(|(_, attribute)| attribute).collect()
}

#[test]
fn columns_are_known_in_the_consoles_languages() {
    let row = "ada@example.com;Ada;Lovelace;Ada Lovelace;ada@example.com";
    for header in [
        "userPrincipalName;givenName;surname;displayName;mail",
        "User principal name;First name;Last name;Display name;E-mail",
        "Benutzerprinzipalname;Vorname;Nachname;Anzeigename;E-Mail-Adresse",
        "Nom d’utilisateur principal;Prénom;Nom;Nom d'affichage;Adresse e-mail",
        "Nombre principal de usuario;Nombre;Apellidos;Nombre para mostrar;Correo electrónico",
        "Nome dell'entità utente;Nome;Cognome;Nome visualizzato;Indirizzo di posta elettronica",
        "Nome principal do usuário;Nome;Sobrenome;Nome para exibição;Endereço de e-mail",
        "Nome de utilizador;Nome próprio;Apelido;Nome a apresentar;Correio eletrónico",
        "Gebruikersprincipalnaam;Voornaam;Achternaam;Weergavenaam;E-mailadres",
        "ユーザー プリンシパル名;名;姓;表示名;メール アドレス",
        "用户主体名称;名字;姓氏;显示名称;电子邮件",
        "使用者主體名稱;名字;姓氏;顯示名稱;電子郵件",
        "사용자 계정 이름;이름;성;표시 이름;전자 메일",
        "Główna nazwa użytkownika;Imię;Nazwisko;Nazwa wyświetlana;Adres e-mail",
        "Användarens huvudnamn;Förnamn;Efternamn;Visningsnamn;E-postadress",
        "Hlavní název uživatele;Křestní jméno;Příjmení;Zobrazované jméno;E-mailová adresa",
        "KULLANICI ASIL ADI;Adı;Soyadı;Görünen ad;E-posta",
        "Имя участника-пользователя;Имя;Фамилия;Отображаемое имя;Электронная почта",
        "USER_PRINCIPAL_NAME;GIVEN_NAME;SURNAME;DISPLAY_NAME;MAIL",
    ] {
        let wanted = ["user name", "given name", "surname", "display name", "e-mail address"];
        assert_eq!(taken(header, row, &aws()), wanted, "{header}");
    }
}

#[test]
fn a_name_beside_the_first_name_is_the_surname() {
    let wanted = ["user name", "given name", "surname"];
    assert_eq!(taken("Benutzername;Vorname;Name", "ada@example.com;Ada;Lovelace", &rules("azion", "entra")), wanted);
}

#[test]
fn entras_own_files_are_read() {
    let download = "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,accountEnabled,usageLocation,\
                    streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,telephoneNumber,mobile,\
                    authenticationAlternativePhoneNumber,authenticationEmail,alternateEmailAddress,ageGroup,consentProvidedForMinor,\
                    legalAgeGroupClassification\r\n\
                    ada@example.com,Ada Lovelace,Lovelace,ada@example.com,Ada,1,Member,,,True,,,NE,,,,,,,,,,,,\r\n\
                    gone@example.com,Gone One,One,gone@example.com,Gone,2,Member,,,False,,,,,,,,,,,,,,,\r\n\
                    guest_fabrikam.com#EXT#@contoso.onmicrosoft.com,Guest,G,guest@fabrikam.com,G,3,Guest,,,True,,,,,,,,,,,,,,,\r\n\
                    hidden@example.com,Hidden Guest,G,hidden@example.com,H,4,Guest,,,True,,,,,,,,,,,,,,,\r\n";
    let seen = report(download, &aws());
    assert_eq!((seen.rows, seen.would_fail, seen.warned), (4, 0, 3), "{seen:#?}");
    assert_eq!((kind(&seen, "disabled").count, kind(&seen, "guest").count), (1, 2));
    let says = &kind(&seen, "guest").examples[0].says;
    assert!(says.contains("`guest_fabrikam.com@contoso.onmicrosoft.com`"), "{says}");

    let template = "version:v1.0,,,,,\n\
                    Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,\
                    Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname]\n\
                    Example: Chris Green,Example: chris@contoso.com,Example: myPassword1234,No,Chris,Green\n\
                    Ada Lovelace,ada@example.com,canary-Passw0rd;%,No,Ada,Lovelace\n\
                    Grace Hopper,grace@example.com,canary-Passw0rd;%,Yes,Grace,\n\
                    Alan Turing,alan@example.com,canary-Passw0rd;%,No,Alan,\n";
    let seen = report(template, &aws());
    assert_eq!((seen.rows, seen.would_fail), (3, 1), "{seen:#?}");
    assert_eq!(kind(&seen, "missing-family-name").examples[0].line, 6);
    assert_eq!(kind(&seen, "disabled").examples[0].line, 5, "to be blocked is to be disabled");
    assert!(!serde_json::to_string(&seen).expect("JSON").contains("canary"), "first passwords are never looked at");
}

#[test]
fn a_column_that_is_not_there_is_said_once() {
    let members: String = (0..501).map(|n| format!("u{n}@example.com,U,{n},Member,True,False,False\n")).collect();
    let members = format!("userPrincipalName,displayName,objectId,userType,isUser,isGroup,isGuest\n{members}");
    let seen = report(&members, &aws());
    let absent = kind(&seen, "no-column");
    let says: Vec<&str> = absent.examples.iter().map(|finding| finding.says.as_str()).collect();
    assert_eq!(
        says,
        [
            "This file has no column for the given name: export it with `givenName`.",
            "This file has no column for the surname: export it with `surname`.",
        ]
    );
    assert_eq!((absent.count, seen.rows, seen.would_fail, seen.ok), (2, 501, 0, false));
    assert!(seen.verdict.contains("no column for it: given name, surname"), "{}", seen.verdict);
}

#[test]
fn oktas_columns_are_known() {
    let okta = rules("aws-identity-center", "okta");
    let csv = "login,firstName,lastName,middleName,email,displayName,status\n\
               ada@example.com,Ada,Lovelace,,ada@example.com,Ada Lovelace,ACTIVE\n\
               grace@example.com,Grace,Hopper,,grace@example.com,Grace Hopper,SUSPENDED\n\
               alan@example.com,Alan,,,alan@example.com,Alan,PASSWORD_EXPIRED\n";
    let seen = report(csv, &okta);
    assert_eq!((seen.would_fail, seen.warned), (1, 1), "{seen:#?}");
    assert_eq!((kind(&seen, "missing-family-name").examples[0].line, kind(&seen, "disabled").examples[0].line), (4, 3));
    let dotted =
        "user.login,user.firstName,user.lastName,user.email,user.displayName\na@example.com,A,B,a@example.com,A B\n";
    let profile = "profile.login,profile.firstName,profile.lastName,profile.email,profile.displayName\na@example.com,A,B,a@example.com,A B\n";
    for csv in [dotted, profile] {
        assert!(report(csv, &okta).ok, "{csv}");
    }
}

#[test]
fn pasted_rows_need_no_names_of_columns() {
    let seen = report("ada@example.com\tAda\tLovelace\ngrace@example.com\tGrace\t\n", &rules("azion", "entra"));
    assert_eq!((seen.rows, seen.would_fail), (2, 1), "{seen:#?}");
    assert_eq!(
        seen.notes,
        [
            "The first row does not name the columns, so it was read as a person. Usher took column 1 as user name, column 2 as given name, column 3 as surname."
        ]
    );
    assert_eq!((kind(&seen, "missing-family-name").examples[0].line, seen.separator.as_str()), (2, "tab"));
    let alone = report("ada@example.com", &aws());
    assert_eq!((alone.rows, kind(&alone, "no-column").count), (1, 3));
}

#[test]
fn an_address_can_stand_in_for_the_user_name() {
    let seen = report("mail,surname,givenName,displayName\nada@example.com,L,A,A L\nADA@example.com,L,A,A L\n", &aws());
    assert_eq!(kind(&seen, "duplicate-user-name").count, 1);
    assert!(seen.notes[0].contains("Usher took `mail` as the user name"), "{:?}", seen.notes);
}

#[test]
fn what_is_no_list_of_people_is_said_with_what_stands_in_it() {
    let problem = checked(b"article,price\nbolt,3\n", &aws()).expect_err("no people");
    assert!(
        problem.message.contains("`userPrincipalName`") && problem.message.contains("`article`, `price`"),
        "{problem}"
    );
    assert!(!problem.hints.is_empty());
    let problem = checked(b"article,price\nbolt,3\n", &rules("aws-identity-center", "okta")).expect_err("no people");
    assert!(problem.message.contains("`login`"), "{problem}");
    for (bytes, word) in [
        (&b""[..], "nothing in it"),
        (b"PK\x03\x04", "Excel"),
        (b"<html>", "web page"),
        (b"[{\"id\":1}]", "JSON"),
        (HEADER.as_bytes(), "one line only"),
    ] {
        let problem = checked(bytes, &aws()).expect_err(word);
        assert!(problem.message.contains(word), "{word}: {problem}");
    }
}

#[test]
fn excels_files_of_other_countries_are_read() {
    let text = "sep=;\r\nBenutzerprinzipalname;Vorname;Nachname;Anzeigename;Konto aktiviert\r\n\
                jürgen@example.com;Jürgen;Müller;Jürgen Müller;WAHR\r\nkaethe@example.com;Käthe;Groß;Käthe Groß;FALSCH\r\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
    let seen = checked(&bytes, &aws()).expect("a list");
    assert_eq!((seen.encoding.as_str(), seen.separator.as_str()), ("windows-1252", "semicolon"));
    assert_eq!(
        (seen.rows, seen.would_fail, kind(&seen, "disabled").examples[0].who.as_str()),
        (2, 0, "kaethe@example.com")
    );
}

#[test]
fn a_row_that_swallowed_others_is_shown_as_such() {
    let rest = "x@example.com,X,X,x@example.com,X,True\n".repeat(30);
    let text = format!(
        "{HEADER}\n\"ada@example.com,Ada,L,a@example.com,Ada,True\n{rest}y@example.com,\"Y\",Y,y@example.com,Y,True\n"
    );
    let seen = report(&text, &aws());
    let finding = &kind(&seen, "quote").examples[0];
    assert_eq!((finding.line, finding.says.contains("what look like rows 3–33")), (2, true), "{finding:?}");
    let words = format!("{HEADER}\nada@example.com,\"Ada{}\",L,a@example.com,Ada,True\n", "\nand on".repeat(30));
    let finding = &kind(&report(&words, &aws()), "cells-do-not-fit").examples[0].clone();
    assert_eq!((finding.line, finding.says.contains("a quote may not be closed")), (2, true), "{finding:?}");
}

/// Entra's export of a group's members says who is a group; lists of Graph say it in another column.
#[test]
fn a_group_among_the_members_is_no_person_without_a_name() {
    let entra = "userPrincipalName,displayName,objectId,userType,isUser,isGroup,isGuest,surname,givenName,mail\n\
                 ada@example.com,Ada,1,Member,True,False,False,Lovelace,Ada,ada@example.com\n\
                 ,Inner,2,,False,True,False,,,\n";
    let found = report(entra, &aws());
    let inner = kind(&found, "group-in-the-group");
    assert_eq!((inner.count, inner.class, inner.examples[0].line), (1, Class::NestedGroup, 3));
    assert_eq!(inner.examples[0].who, "Inner");
    assert_eq!((found.rows, found.would_fail, found.kinds.len(), found.ok), (1, 0, 1, false), "{found:#?}");
    assert!(found.verdict.contains("There is a group among them"), "{}", found.verdict);
    let graph = "userPrincipalName;@odata.type\nada@example.com;#microsoft.graph.user\n;#microsoft.graph.group\n;#microsoft.graph.group\n";
    assert_eq!(kind(&report(graph, &rules("azion", "entra")), "group-in-the-group").count, 2);
    let flat = report(&entra.replace("True,False,,,", "False,False,,,"), &aws());
    assert!(flat.kinds.iter().any(|kind| kind.id == "missing-user-name"), "{flat:#?}");
}

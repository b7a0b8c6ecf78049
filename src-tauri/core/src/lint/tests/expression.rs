//! Which sources are the same, and which are not.

use super::{
    Likeness, Shape, fixed_text_in_entra, fixed_text_in_okta, likeness_in_entra, likeness_in_okta, shape_in_entra,
    shape_in_okta,
};

const ACTIVE: &str = r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#;

#[test]
fn what_entra_gives_the_same_value_for_is_the_same() {
    for (found, wanted) in [
        ("[userPrincipalName]", "userPrincipalName"),
        (" USERPRINCIPALNAME ", "userPrincipalName"),
        ("Not([IsSoftDeleted])", ACTIVE),
        ("not( [isSoftDeleted] )", ACTIVE),
        (r#"Switch([IsSoftDeleted],,"False","True","True","False")"#, ACTIVE),
        (r#"Switch([IsSoftDeleted], , "True", "False", "False", "True")"#, ACTIVE),
        (r#"switch( [IsSoftDeleted] , "", "false", "true", "true", "false" )"#, ACTIVE),
        (r#"Join(" ",[givenName],[surname])"#, r#"Join(" ", [givenName], [surname])"#),
        (r#"JOIN(" ", givenName, surname)"#, r#"Join(" ", [givenName], [surname])"#),
        (r#"Switch([c], "x", "b", "2", "a", "1")"#, r#"Switch([c], "x", "a", "1", "b", "2")"#),
    ] {
        assert_eq!(likeness_in_entra(found, wanted), Likeness::Same, "{found}");
    }
}

#[test]
fn what_entra_gives_another_value_for_is_not() {
    for (found, wanted) in [
        ("mail", "userPrincipalName"),
        ("accountEnabled", ACTIVE),
        ("[IsSoftDeleted]", ACTIVE),
        (r#"Switch([IsSoftDeleted], , "False", "False", "True", "True")"#, ACTIVE),
        (r#"Switch([IsSoftDeleted], , "False", "True", "False", "True")"#, ACTIVE),
        (r#"Switch([accountEnabled], , "False", "True", "True", "False")"#, ACTIVE),
        (r##"Append([userPrincipalName], "#")"##, "userPrincipalName"),
        (r#"Join(", ", [givenName], [surname])"#, r#"Join(" ", [givenName], [surname])"#),
        (r#"Join(" ", [surname], [givenName])"#, r#"Join(" ", [givenName], [surname])"#),
        (r#"Join("A", [x])"#, r#"Join("a", [x])"#),
        ("\"surname\"", "surname"),
        ("Broken([x]", "x"),
    ] {
        assert_eq!(likeness_in_entra(found, wanted), Likeness::Different, "{found}");
    }
    assert_eq!(likeness_in_entra("ToLower(Trim([userPrincipalName]))", "userPrincipalName"), Likeness::Recased);
    for both in ["Trim(StripSpaces([surname]))", "StripSpaces(Trim([surname]))"] {
        assert_eq!(likeness_in_entra(both, "surname"), Likeness::Cleaned);
    }
    assert_eq!(likeness_in_entra(r#"Coalesce([surname], "-")"#, "surname"), Likeness::Cleaned);
}

#[test]
fn okta_is_compared_without_blanks_and_kinds_of_quotes() {
    let kind = "(user.email != null && user.email != '') ? 'work' : ''";
    for (found, wanted, likeness) in [
        ("(user.email!=null&&user.email!=\"\")?\"work\":\"\"", kind, Likeness::Same),
        ("(user.email != null && user.email != '') ? 'home' : ''", kind, Likeness::Different),
        ("( user.firstName )", "user.firstName", Likeness::Same),
        ("source.firstName", "user.firstName", Likeness::Same),
        ("user.lastName", "user.firstName", Likeness::Different),
        ("'a b'", "'ab'", Likeness::Different),
    ] {
        assert_eq!(likeness_in_okta(found, wanted), likeness, "{found}");
    }
}

#[test]
fn fixed_text_is_what_can_arrive() {
    for (text, arrives) in [
        (r#""a;b""#, vec!["a;b"]),
        (r#"Join(";", [givenName], [surname])"#, vec![";"]),
        (r#"Replace([displayName], ";", , , "", , )"#, vec![]),
        (r#"Switch([country], "?", "a:b", "1")"#, vec!["?", "1"]),
        (r#"ToLower(Append([mailNickname], "%x"), )"#, vec!["%x"]),
        (r#""say ""no""""#, vec![r#"say "no""#]),
    ] {
        assert_eq!(fixed_text_in_entra(text), arrives, "{text}");
    }
    assert_eq!(fixed_text_in_okta("user.firstName + ';' + user.lastName"), [";"]);
    assert_eq!(fixed_text_in_okta("user.title == 'a;b' ? 'c' : 'd:e'"), ["c", "d:e"]);
    assert_eq!(fixed_text_in_okta("String.replace(user.title, ';', '')"), [""; 0]);
}

#[test]
fn shapes() {
    for (text, shape) in [
        ("surname", Shape::Attribute),
        ("[surname]", Shape::Attribute),
        ("\"x\"", Shape::Constant),
        (ACTIVE, Shape::Function),
    ] {
        assert_eq!(shape_in_entra(text), shape, "{text}");
    }
    for (text, shape) in [
        ("user.email", Shape::Attribute),
        ("'x'", Shape::Constant),
        ("'a' + 'b'", Shape::Function),
        ("ü", Shape::Function),
    ] {
        assert_eq!(shape_in_okta(text), shape, "{text}");
    }
}

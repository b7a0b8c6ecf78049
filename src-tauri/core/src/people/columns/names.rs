//! What consoles and people call the columns, in their languages. The names of the interfaces come first: a file that has
//! `userPrincipalName` and `Username` means the first.

use std::collections::HashMap;

use crate::people::rules::Attribute;

/// Each list from the surest name to the vaguest. Compared without letter case, blanks and punctuation.
const NAMES: &[(Attribute, &[&str])] = &[
    (
        Attribute::UserName,
        &[
            "userPrincipalName", "login", "userName", "user principal name", "profile.login", "UPN", "Okta username",
            "SignInName", "sign-in name", "logon name", "user logon name", "member userPrincipalName",
            // German, French, Spanish, Italian, Portuguese, Dutch
            "Benutzerprinzipalname", "Benutzername", "Anmeldename", "Benutzeranmeldename", "Anmeldung", "Kennung",
            "nom d'utilisateur principal", "nom principal de l'utilisateur", "nom principal d'utilisateur", "nom d'utilisateur",
            "identifiant", "nom de connexion", "nombre principal de usuario", "nombre de usuario principal",
            "nombre de usuario", "inicio de sesión", "usuario", "nome dell'entità utente", "nome entità utente",
            "nome principale utente", "nome utente", "nome principal do usuário", "nome UPN", "nome principal de utilizador",
            "nome principal do utilizador", "nome de usuário", "nome do usuário", "nome de utilizador", "usuário", "utilizador",
            "gebruikersprincipal-naam", "gebruikersprincipalnaam", "gebruikersnaam", "aanmeldingsnaam", "inlognaam",
            // Japanese, Chinese, Korean
            "ユーザー プリンシパル名", "ユーザプリンシパル名", "ユーザー名", "ユーザ名", "ログイン", "ログイン名", "ログインID",
            "サインイン名", "ユーザーID", "用户主体名称", "用户主体名", "用户主名称", "用户名", "登录名", "登录名称", "账号", "帐户名",
            "使用者主體名稱", "使用者主要名稱", "使用者名稱", "登入名稱", "帳號", "사용자 계정 이름", "사용자 보안 주체 이름",
            "사용자 이름", "사용자이름", "로그인", "로그인 이름", "로그인 ID", "아이디",
            // Polish, Swedish, Czech, Turkish, Russian, and some more
            "główna nazwa użytkownika", "nazwa główna użytkownika", "nazwa użytkownika", "nazwa logowania",
            "användarens huvudnamn", "användarhuvudnamn", "UPN-namn", "användarnamn", "inloggningsnamn",
            "hlavní název uživatele", "hlavní jméno uživatele", "uživatelské jméno", "přihlašovací jméno",
            "kullanıcı asıl adı", "kullanıcı asıl ismi", "kullanıcı adı", "oturum açma adı", "имя участника-пользователя",
            "основное имя пользователя", "имя субъекта-пользователя", "имя пользователя", "логин", "имя входа",
            "brugerens hovednavn", "brugernavn", "brukerhovednavn", "brukernavn", "käyttäjän päänimi", "käyttäjätunnus",
            "käyttäjänimi", "egyszerű felhasználónév", "felhasználónév", "ім'я учасника-користувача", "ім'я користувача",
            "логін", "όνομα χρήστη", "שם משתמש", "اسم المستخدم", "ชื่อผู้ใช้", "tên người dùng", "nama pengguna",
            "user", "username login", "user id", "userid", "account", "account name", "Benutzer", "Konto",
        ],
    ),
    (
        Attribute::Email,
        &[
            "mail", "email", "primaryEmail", "email address", "work email", "emails[type eq \"work\"].value", "profile.email",
            "primary email", "primary SMTP address", "PrimarySmtpAddress", "e-mail", "mail address", "E-Mail-Adresse", "E-Mail",
            "primäre E-Mail", "adresse e-mail", "adresse de messagerie", "courriel", "adresse courriel", "messagerie",
            "correo electrónico", "dirección de correo electrónico", "correo", "posta elettronica", "indirizzo e-mail",
            "indirizzo di posta elettronica", "endereço de email", "endereço de e-mail", "correio eletrónico", "e-mailadres",
            "メール", "メール アドレス", "電子メール", "電子メールアドレス", "电子邮件", "电子邮件地址", "邮箱", "电子邮箱", "邮件",
            "電子郵件", "電子郵件地址", "電郵", "전자 메일", "전자 메일 주소", "이메일", "이메일 주소", "메일", "adres e-mail",
            "poczta", "poczta e-mail", "e-postadress", "e-post", "e-mailová adresa", "e-posta", "e-posta adresi",
            "электронная почта", "адрес электронной почты", "почта", "эл. почта", "e-mailadresse", "e-postadresse",
            "sähköposti", "sähköpostiosoite", "e-mail-cím", "електронна пошта", "ηλεκτρονικό ταχυδρομείο", "דואר אלקטרוני",
            "البريد الإلكتروني", "อีเมล",
        ],
    ),
    (
        Attribute::GivenName,
        &[
            "givenName", "firstName", "first name", "given name", "profile.firstName", "name.givenName", "forename",
            "Vorname", "prénom", "nombre", "nombre de pila", "primer nombre", "nome", "nome próprio", "primeiro nome", "voornaam",
            "名", "名字", "이름", "imię", "förnamn", "jméno", "křestní jméno", "ad", "adı", "имя", "fornavn", "etunimi", "utónév",
            "keresztnév", "ім'я", "όνομα", "שם פרטי", "الاسم الأول", "ชื่อ", "prenume", "krstné meno", "ime",
        ],
    ),
    (
        Attribute::FamilyName,
        &[
            "surname", "lastName", "last name", "family name", "familyName", "sn", "profile.lastName", "name.familyName",
            "Nachname", "Familienname", "Zuname", "nom", "nom de famille", "apellidos", "apellido", "cognome", "sobrenome",
            "apelido", "último nome", "achternaam", "姓", "姓氏", "성", "nazwisko", "efternamn", "příjmení", "soyadı", "soyad",
            "фамилия", "efternavn", "etternavn", "sukunimi", "vezetéknév", "прізвище", "επώνυμο", "שם משפחה", "اسم العائلة",
            "นามสกุล", "nume de familie", "priezvisko", "prezime", "priimek",
        ],
    ),
    (
        Attribute::DisplayName,
        &[
            "displayName", "display name", "profile.displayName", "full name", "fullName", "Anzeigename",
            "vollständiger Name", "nom complet", "nom d'affichage", "nom affiché", "nom à afficher", "nombre para mostrar",
            "nombre completo", "nome visualizzato", "nome completo", "nome para exibição", "nome de exibição",
            "nome a apresentar", "nome a mostrar", "weergavenaam", "volledige naam", "表示名", "氏名", "显示名称", "显示名", "姓名",
            "顯示名稱", "표시 이름", "성명", "nazwa wyświetlana", "imię i nazwisko", "visningsnamn", "zobrazované jméno",
            "zobrazovaný název", "celé jméno", "görünen ad", "görüntü adı", "ad soyad", "отображаемое имя", "выводимое имя",
            "полное имя", "фио", "vist navn", "visningsnavn", "näyttönimi", "megjelenítendő név", "відображуване ім'я",
            "εμφανιζόμενο όνομα", "שם תצוגה", "اسم العرض", "ชื่อที่แสดง", "cn", "common name", "名前", "name", "naam", "nazwa",
        ],
    ),
    (
        Attribute::Enabled,
        &[
            "accountEnabled", "account enabled", "enabled", "block credential", "block sign in", "blocked", "status",
            "account status", "user status", "Konto aktiviert", "aktiviert", "Anmeldung blockieren", "Zustand",
            "compte activé", "statut", "cuenta habilitada", "account abilitato", "conta habilitada",
            "account ingeschakeld", "アカウントの有効化", "アカウントが有効", "状態", "ステータス", "帐户已启用", "状态", "已啟用帳戶", "狀態",
            "계정 사용", "상태", "konto włączone", "kontot är aktiverat", "účet je povolen", "stav", "hesap etkin", "durum",
            "учетная запись включена", "статус", "состояние",
        ],
    ),
    (
        Attribute::UserType,
        &[
            "userType", "user type", "Benutzertyp", "type d'utilisateur", "tipo de usuario", "tipo di utente", "tipo utente",
            "tipo de usuário", "tipo de utilizador", "gebruikerstype", "ユーザーの種類", "ユーザー タイプ", "用户类型", "使用者類型",
            "사용자 유형", "typ użytkownika", "användartyp", "typ uživatele", "kullanıcı türü", "тип пользователя",
        ],
    ),
];

/// Every known name.
pub(super) struct Known(HashMap<String, (Attribute, usize)>);

impl Known {
    pub(super) fn new() -> Self {
        let mut all = HashMap::new();
        for (attribute, names) in NAMES {
            for (rank, name) in names.iter().enumerate() {
                all.entry(key(name)).or_insert((*attribute, rank));
            }
        }
        Self(all)
    }

    /// What a name means, and how vague it is.
    pub(super) fn attribute(&self, header: &str) -> Option<(Attribute, usize)> {
        let keys = [bracketed(header).map(key), Some(key(header))];
        keys.into_iter().flatten().find_map(|key| self.0.get(&key).copied())
    }
}

/// Entra's templates: `User name [userPrincipalName] Required`.
fn bracketed(header: &str) -> Option<&str> {
    let (_, rest) = header.split_once('[')?;
    rest.split_once(']').map(|(inside, _)| inside)
}

/// A name without what differs from one console to the next: letter case, blanks, punctuation, accents that were typed apart.
pub(super) fn key(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    // Turkish has an i without a dot, whose capital is everybody else's I.
    letters.flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// "Name" alone, which is the whole name or the surname.
pub(super) fn is_bare_name(header: &str) -> bool {
    ["name", "naam", "nazwa"].contains(&key(header).as_str())
}

const TRUE: &[&str] = &[
    "true", "yes", "1", "active", "enabled", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "si", "vero", "verdadeiro", "sim", "waar",
    "prawda", "tak", "sant", "pravda", "ano", "doğru", "evet", "истина", "да", "はい", "是", "예", "aktiv", "allowed",
];
const FALSE: &[&str] = &[
    "false", "no", "0", "inactive", "disabled", "deactivated", "deprovisioned", "suspended", "blocked", "falsch", "nein", "faux", "non",
    "falso", "nee", "onwaar", "fałsz", "nie", "falskt", "nej", "nepravda", "ne", "yanlış", "hayır", "ложь", "нет", "いいえ", "否", "아니요",
    "deaktiviert", "gesperrt", "désactivé", "bloqueado", "deaktiverad",
];

/// Yes or no, as consoles and Excel write it.
pub(super) fn truth(text: &str) -> Option<bool> {
    let wanted = key(text);
    let among = |words: &[&str]| words.iter().any(|word| key(word) == wanted);
    match () {
        () if among(TRUE) => Some(true),
        () if among(FALSE) => Some(false),
        () => None,
    }
}

pub(super) fn is_guest(text: &str) -> bool {
    ["guest", "gast", "invité", "invitado", "ospite", "convidado", "ゲスト", "来宾", "來賓", "게스트", "gość", "gäst", "host", "konuk", "гость"]
        .iter()
        .any(|word| key(word) == key(text))
}

//! How IAM Identity Center lists users and groups (facts B3): few filters, no startIndex, pages by cursor if asked, groups without members.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use scim_v2::filter::{AttrExp, CompValue, CompareOp, Filter};
use serde_json::{Map, Value, json};

use crate::{
    fault::Fault,
    scim::{
        filter,
        found::Found,
        schema::ENTERPRISE,
        store::{Kind, Refused},
        view::{self, Query},
    },
    world::World,
};

pub(crate) const MOST_RESULTS: usize = 100;

/// `attribute eq "value"`.
struct Term {
    attribute: String,
    value: String,
}

impl Term {
    /// The name in lower case, without the enterprise schema's.
    fn new(expression: &AttrExp) -> Option<Term> {
        let AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(value)) = expression else { return None };
        let names = filter::names(path);
        let names = names.strip_prefix([ENTERPRISE.to_owned()].as_slice()).unwrap_or(&names);
        Some(Term { attribute: names.join(".").to_lowercase(), value: value.clone() })
    }

    fn path(&self) -> &'static [&'static str] {
        match self.attribute.as_str() {
            "username" => &["userName"],
            "displayname" => &["displayName"],
            "externalid" => &["externalId"],
            "groups.value" => &["groups", "value"],
            "manager" | "manager.value" => &[ENTERPRISE, "manager", "value"],
            "member" | "members" | "members.value" => &["members", "value"],
            _ => &["id"],
        }
    }

    fn holds(&self, whole: &Value) -> bool {
        let names: Vec<String> = self.path().iter().map(|name| (*name).to_owned()).collect();
        let mut found = Vec::new();
        filter::collect(whole, &names, &mut found);
        let loose = matches!(self.attribute.as_str(), "username" | "displayname");
        let same = |text: &str| text == self.value || (loose && text.to_lowercase() == self.value.to_lowercase());
        found.into_iter().filter_map(Value::as_str).any(same)
    }
}

/// The filters that are documented, and no others.
fn terms(kind: Kind, text: &str) -> Result<Vec<Term>, Refused> {
    let refused = || Refused::new(400, None, &format!("The filter is not supported: {text}"));
    let terms = match filter::parse(text).map_err(|_| refused())? {
        Filter::Attr(one) => vec![Term::new(&one)],
        Filter::And(all) => {
            all.iter().map(|one| if let Filter::Attr(one) = one { Term::new(one) } else { None }).collect()
        }
        Filter::Or(_) | Filter::Not(_) | Filter::ValuePath(_) => Vec::new(),
    };
    let terms = terms.into_iter().collect::<Option<Vec<Term>>>().ok_or_else(refused)?;
    let mut names: Vec<&str> = terms.iter().map(|term| term.attribute.as_str()).collect();
    names.sort_unstable();
    let known = match kind {
        Kind::User => {
            matches!(*names, ["username" | "externalid" | "groups.value"] | ["id", "manager" | "manager.value"])
        }
        Kind::Group => matches!(
            *names,
            ["displayname" | "externalid" | "members.value"] | ["id", "member" | "members" | "members.value"]
        ),
    };
    if known { Ok(terms) } else { Err(refused()) }
}

pub(crate) fn list(world: &World, kinds: &[Kind], query: &Query, base: &str) -> Result<Value, Refused> {
    let count = query.count.unwrap_or(MOST_RESULTS);
    if !(1..=MOST_RESULTS).contains(&count) {
        return Err(Refused::new(400, None, "count must be between 1 and 100."));
    }
    let (store, switches) = (&world.scim, &world.switches);
    let found = find(world, kinds, query, base)?;
    let total = found.count(store);
    let offset = query.cursor.as_deref().map_or(Ok(0), offset)?;
    let rest = total.saturating_sub(offset);
    let total = total + if switches.has(Fault::TotalsLie) && query.filter.is_none() { 25 } else { 0 };
    let count = match switches.has(Fault::PagingIgnored) {
        true => rest,
        // Facts B3: a page by cursor may be short. Here each is that leaves something for another.
        false if query.cursor.is_some() && rest > count => count.max(2) - 1,
        false => count,
    };
    let mut page: Vec<Value> =
        found.page(store, offset, count).iter().map(|one| view::resource(world, one, base)).collect();
    if switches.has(Fault::IdsRepeat)
        && let Some(id) = page.first().map(|one| one["id"].clone())
    {
        page.iter_mut().for_each(|one| one["id"] = id.clone());
    }
    let mut answer = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "itemsPerPage": page.len(),
    });
    if query.cursor.is_none() {
        answer["totalResults"] = json!(total);
        answer["startIndex"] = json!(1);
    } else if rest > page.len() {
        answer["nextCursor"] = json!(URL_SAFE_NO_PAD.encode((offset + page.len()).to_string()));
    }
    answer["Resources"] = Value::Array(page);
    Ok(answer)
}

fn find<'a>(world: &World, kinds: &'a [Kind], query: &Query, base: &str) -> Result<Found<'a>, Refused> {
    let (store, mut found) = (&world.scim, Vec::new());
    for kind in kinds {
        let terms = query.filter.as_deref().map_or(Ok(Vec::new()), |text| terms(*kind, text))?;
        known_members(world, &terms)?;
        if terms.is_empty() || world.switches.has(Fault::FilterIgnored) {
            return Ok(Found::All(kinds));
        }
        let likely =
            terms.iter().find_map(|term| store.like(*kind, &term.path().join(".").to_lowercase(), &term.value));
        let all = likely.unwrap_or_else(|| store.all(*kind).collect());
        found.extend(all.into_iter().filter(|one| {
            let whole = view::whole(world, one, base);
            terms.iter().all(|term| term.holds(&whole))
        }));
    }
    Ok(Found::those(found.into_iter()))
}

/// Facts B3: a search for the groups of somebody who does not exist is answered with 404.
fn known_members(world: &World, terms: &[Term]) -> Result<(), Refused> {
    let members = terms.iter().filter(|term| term.path().first() == Some(&"members"));
    members.into_iter().try_for_each(|term| world.scim.get(Kind::User, &term.value).map(|_| ()))
}

/// An empty cursor asks for the first page.
fn offset(cursor: &str) -> Result<usize, Refused> {
    if cursor.is_empty() {
        return Ok(0);
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let number = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|text| text.parse().ok());
    number.ok_or_else(|| Refused::new(400, None, "The cursor is not valid."))
}

/// Facts B3: members are never listed. Assumption: neither are a user's groups.
pub(crate) fn finish(kind: Kind, whole: &mut Map<String, Value>) {
    match kind {
        Kind::User => {
            whole.shift_remove("groups");
        }
        Kind::Group => {
            whole.insert("members".to_owned(), json!([]));
        }
    }
}

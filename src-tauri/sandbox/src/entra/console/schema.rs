//! The export of an app's mappings: a synchronization schema in the names of Microsoft Graph (facts 1.2), as the schema
//! editor's Download gives it. Both object types stand in it, as they are saved.

use axum::{
    extract::{Path, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{Shop, missing, offers_provisioning, with_app};
use crate::entra::{
    App, AppKind,
    expression::{self, Expression},
    mapping::{Kind, Mapping, Row},
};

const OWN: &str = "Microsoft Entra ID";

pub(crate) async fn download(State(shared): Shop, Path(id): Path<String>) -> Response {
    with_app(&shared, &id, |world, app| {
        if !offers_provisioning(app) {
            return missing(world);
        }
        let headers =
            [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"schema.json\"")];
        (headers, format!("{:#}\n", schema(app))).into_response()
    })
}

fn schema(app: &App) -> Value {
    let (template, directory) = match app.kind {
        AppKind::NonGallery | AppKind::Registration => ("scim", "customappsso"),
        AppKind::AwsIdentityCenter => ("aWSSingleSignon", "AWSSingleSignon"),
    };
    json!({
        "id": format!("{template}.practice.{}", app.id),
        "version": "1",
        "synchronizationRules": [{
            "containerFilter": null,
            "editable": true,
            "groupFilter": null,
            "id": "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8",
            "name": "USERGROUP_OUTBOUND_USERGROUP",
            "priority": 1,
            "sourceDirectoryName": OWN,
            "targetDirectoryName": directory,
            "metadata": [{ "key": "supportsProvisionOnDemand", "value": "true" }],
            "objectMappings": [object(&app.groups.saved, Kind::Groups), object(&app.users.saved, Kind::Users)],
        }],
        "directories": [],
    })
}

fn object(mapping: &Mapping, kind: Kind) -> Value {
    let (source, target) = match kind {
        Kind::Users => ("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"),
        Kind::Groups => ("Group", "urn:ietf:params:scim:schemas:core:2.0:Group"),
    };
    let flows = [(mapping.create, "Add"), (mapping.update, "Update"), (mapping.delete, "Delete")];
    let flows: Vec<&str> = flows.into_iter().filter(|(on, _)| *on).map(|(_, flow)| flow).collect();
    json!({
        "enabled": mapping.enabled,
        "flowTypes": if flows.is_empty() { "None".to_owned() } else { flows.join(", ") },
        "name": format!("Provision {OWN} {source}s"),
        "scope": null,
        "sourceObjectName": source,
        "targetObjectName": target,
        "attributeMappings": mapping.rows.iter().map(|row| attribute_mapping(row, kind)).collect::<Vec<_>>(),
        "metadata": [{ "key": "IsCustomerDefined", "value": "false" }],
    })
}

fn attribute_mapping(row: &Row, kind: Kind) -> Value {
    let source = expression::parse(&row.source, kind.attributes()).ok();
    json!({
        "defaultValue": null,
        "exportMissingReferences": false,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": row.matching.unwrap_or(0),
        "targetAttributeName": row.target,
        "source": source.map(|source| mapping_source(&source, &row.source)),
    })
}

/// The parameters of functions are left out: the expression says it all.
fn mapping_source(source: &Expression, text: &str) -> Value {
    let (kind, name, expression) = match source {
        Expression::Attribute(name) => ("Attribute", name.clone(), format!("[{name}]")),
        Expression::Constant(value) => ("Constant", value.clone(), text.to_owned()),
        Expression::Call(..) | Expression::Nothing => {
            ("Function", text.split('(').next().unwrap_or_default().trim().to_owned(), text.to_owned())
        }
    };
    json!({ "expression": expression, "name": name, "type": kind, "parameters": [] })
}

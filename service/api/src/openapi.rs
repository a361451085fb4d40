//! The OpenAPI 3.1 document, built from the operation table and the wire types.

use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        Components, ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
        Ref, RefOr, Required, ResponseBuilder,
        path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{ArrayBuilder, Schema, Type},
    },
};

use crate::{
    operations::{Method, OPERATIONS, Operation, OperationId},
    types::*,
};

fn collect<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

fn components() -> Components {
    let mut schemas = Vec::new();
    collect::<VersionInfo>(&mut schemas);
    collect::<Status>(&mut schemas);
    collect::<Event>(&mut schemas);
    collect::<Changed>(&mut schemas);
    collect::<Game>(&mut schemas);
    collect::<GameDetail>(&mut schemas);
    collect::<NewGame>(&mut schemas);
    collect::<SearchRequest>(&mut schemas);
    collect::<SearchPage>(&mut schemas);
    collect::<PackageDetail>(&mut schemas);
    collect::<ChangeRequest>(&mut schemas);
    collect::<PlanPreview>(&mut schemas);
    collect::<LinkRequest>(&mut schemas);
    collect::<LinkInspection>(&mut schemas);
    collect::<Job>(&mut schemas);
    collect::<Profile>(&mut schemas);
    collect::<NewProfile>(&mut schemas);
    collect::<ProfileDetail>(&mut schemas);
    collect::<ProfilePatch>(&mut schemas);
    collect::<Why>(&mut schemas);
    collect::<CloneRequest>(&mut schemas);
    collect::<RemovedProfile>(&mut schemas);
    collect::<RestoreRequest>(&mut schemas);
    collect::<GenerationPatch>(&mut schemas);
    collect::<GenerationDifference>(&mut schemas);
    collect::<PruneRequest>(&mut schemas);
    collect::<PruneReport>(&mut schemas);
    collect::<VanillaProof>(&mut schemas);
    collect::<KeptVersion>(&mut schemas);
    collect::<KeptRestore>(&mut schemas);
    collect::<KeptFree>(&mut schemas);
    collect::<KeptFreed>(&mut schemas);
    collect::<Saves>(&mut schemas);
    collect::<SavesRulesPatch>(&mut schemas);
    collect::<SavesRestore>(&mut schemas);
    collect::<Drift>(&mut schemas);
    collect::<DriftDecision>(&mut schemas);
    collect::<AdoptionRequest>(&mut schemas);
    collect::<AuditReport>(&mut schemas);
    collect::<SourcePatch>(&mut schemas);
    collect::<AdoptionPlan>(&mut schemas);
    collect::<SharedText>(&mut schemas);
    collect::<Lobbies>(&mut schemas);
    collect::<HostLobby>(&mut schemas);
    collect::<LobbyRequest>(&mut schemas);
    collect::<LobbyOffer>(&mut schemas);
    collect::<JoinLobby>(&mut schemas);
    collect::<SharedRequest>(&mut schemas);
    collect::<SharedOffer>(&mut schemas);
    collect::<ApplyShared>(&mut schemas);
    collect::<Collection>(&mut schemas);
    collect::<CollectionRequest>(&mut schemas);
    collect::<CollectionOffer>(&mut schemas);
    collect::<Changes>(&mut schemas);
    collect::<Upkeep>(&mut schemas);
    collect::<UpkeepPatch>(&mut schemas);
    collect::<PackRequest>(&mut schemas);
    collect::<PackOffer>(&mut schemas);
    collect::<TakePack>(&mut schemas);
    collect::<Followed>(&mut schemas);
    collect::<ManagedProfile>(&mut schemas);
    collect::<PlaceFile>(&mut schemas);
    collect::<FileTexts>(&mut schemas);
    collect::<LoadOrder>(&mut schemas);
    collect::<OrderRequest>(&mut schemas);
    collect::<OrderPlan>(&mut schemas);
    collect::<Conflicts>(&mut schemas);
    collect::<VerifyReport>(&mut schemas);
    collect::<LaunchRequest>(&mut schemas);
    collect::<LaunchReport>(&mut schemas);
    collect::<Transfers>(&mut schemas);
    collect::<TransferCommand>(&mut schemas);
    collect::<AddPeers>(&mut schemas);
    collect::<ArchivePeers>(&mut schemas);
    collect::<Seed>(&mut schemas);
    collect::<Limits>(&mut schemas);
    collect::<PauseRequest>(&mut schemas);
    collect::<SeedCommand>(&mut schemas);
    collect::<RoomRequest>(&mut schemas);
    collect::<RoomPlan>(&mut schemas);
    collect::<RoomMade>(&mut schemas);
    collect::<DiskUsage>(&mut schemas);
    collect::<Source>(&mut schemas);
    collect::<NewSource>(&mut schemas);
    collect::<Preset>(&mut schemas);
    collect::<PresetDecision>(&mut schemas);
    collect::<NewSourceKey>(&mut schemas);
    collect::<SourceKeyAt>(&mut schemas);
    collect::<NewFile>(&mut schemas);
    collect::<SourceOffer>(&mut schemas);
    collect::<FieldFinding>(&mut schemas);
    collect::<AnswerField>(&mut schemas);
    collect::<SourceAnswer>(&mut schemas);
    collect::<KeyDecision>(&mut schemas);
    collect::<Settings>(&mut schemas);
    collect::<SettingsPatch>(&mut schemas);
    collect::<Problem>(&mut schemas);
    let mut components = Components::new();
    components.schemas.extend(schemas);
    components
}

fn reply_content(operation: &Operation) -> (&'static str, RefOr<Schema>) {
    match (operation.id, operation.reply.strip_suffix("[]")) {
        (OperationId::Metrics, _) => ("text/plain", <String as PartialSchema>::schema()),
        (OperationId::Events, _) => ("text/event-stream", Ref::from_schema_name("Event").into()),
        (_, Some(item)) => (
            "application/json",
            Schema::from(ArrayBuilder::new().items(Ref::from_schema_name(item)).build()).into(),
        ),
        (_, None) => ("application/json", Ref::from_schema_name(operation.reply).into()),
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = Parameter> + '_ {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(|name| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(utoipa::openapi::ObjectBuilder::new().schema_type(Type::String).build()))
            .build()
    })
}

fn describe(operation: &Operation) -> utoipa::openapi::path::Operation {
    let (media_type, schema) = reply_content(operation);
    let ok = ResponseBuilder::new()
        .description("Done")
        .content(media_type, ContentBuilder::new().schema(Some(schema)).build())
        .build();
    let refused = ResponseBuilder::new()
        .description("Refused or failed (RFC 9457)")
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
        )
        .build();
    let mut builder = OperationBuilder::new()
        .operation_id(Some(operation.id.as_str()))
        .summary(Some(operation.summary))
        .response("200", ok)
        .response("default", refused);
    for parameter in path_parameters(operation.path) {
        builder = builder.parameter(parameter);
    }
    if operation.id == OperationId::Search {
        builder = builder.parameters(Some(SearchRequest::into_params(|| Some(ParameterIn::Query))));
    }
    if let Some(body) = operation.body {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(body))).build();
        builder = builder.request_body(Some(
            RequestBodyBuilder::new()
                .content("application/json", content)
                .required(Some(Required::True))
                .build(),
        ));
    }
    builder.build()
}

/// The whole document; equal code gives equal text.
pub fn document() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for operation in OPERATIONS {
        let method = match operation.method {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
            Method::Patch => HttpMethod::Patch,
            Method::Delete => HttpMethod::Delete,
        };
        paths = paths.path(operation.path, PathItem::new(method, describe(operation)));
    }
    let info = InfoBuilder::new()
        .title("Muster local API")
        .version(crate::API_VERSION.to_string())
        .description(Some("HTTP/1.1 + JSON over the service's Unix socket (mode 0600) or named pipe."))
        .build();
    OpenApiBuilder::new().info(info).paths(paths.build()).components(Some(components())).build()
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    use super::*;

    /// The contract that is checked in is the one that the code speaks. `MUSTER_BLESS=1` rewrites it.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_checked_in_document_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/local-api.json");
        let text = document().to_pretty_json().expect("serialises") + "\n";
        if env::var_os("MUSTER_BLESS").is_some() {
            fs::write(&path, &text).expect("written");
        }
        let current = fs::read_to_string(&path).unwrap_or_default();
        assert!(current == text, "stale: run MUSTER_BLESS=1 cargo test -p muster-api");
    }

    #[test]
    fn every_referenced_schema_exists() {
        let text = serde_json::to_value(document()).expect("serialises");
        let known = text["components"]["schemas"].as_object().expect("schemas").clone();
        let mut stack = vec![&text];
        let mut references = 0;
        while let Some(value) = stack.pop() {
            match value {
                serde_json::Value::Object(map) => {
                    if let Some(reference) = map.get("$ref").and_then(|r| r.as_str()) {
                        let name = reference.rsplit('/').next().unwrap_or_default();
                        assert!(known.contains_key(name), "{name} is referenced and missing");
                        references += 1;
                    }
                    stack.extend(map.values());
                }
                serde_json::Value::Array(items) => stack.extend(items),
                _ => {}
            }
        }
        assert!(references > 50);
        assert_eq!(text["openapi"], "3.1.0");
    }
}

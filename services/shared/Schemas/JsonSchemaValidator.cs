using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Validates values against JSON Schema, draft 2020-12; references within the schema and a library, <c>format</c> as an annotation.</summary>
public static class JsonSchemaValidator
{
    /// <summary>Where a value does not fit; empty when it does.</summary>
    public static IReadOnlyList<SchemaViolation> Validate(JsonNode schema, JsonNode? instance) => Validate(schema, instance, SchemaLibrary.Empty);

    /// <summary>Where a value does not fit a schema that may refer to those of a library; empty when it does.</summary>
    public static IReadOnlyList<SchemaViolation> Validate(JsonNode schema, JsonNode? instance, SchemaLibrary library) =>
        Validate(JsonSerializer.SerializeToElement(schema), JsonSerializer.SerializeToElement(instance), library);

    /// <summary>Where a value does not fit, both already read; empty when it does.</summary>
    public static IReadOnlyList<SchemaViolation> Validate(JsonElement schema, JsonElement instance) => Validate(schema, instance, SchemaLibrary.Empty);

    /// <summary>Where a value is no schema that <see cref="Validate"/> could use; empty when it is one. Paths point into the schema.</summary>
    public static IReadOnlyList<SchemaViolation> CheckSchema(JsonNode? schema)
    {
        var root = JsonSerializer.SerializeToElement(schema);
        return new SchemaChecker(new SchemaReferences(root, SchemaLibrary.Empty)).Check(root);
    }

    private static IReadOnlyList<SchemaViolation> Validate(JsonElement schema, JsonElement instance, SchemaLibrary library) =>
        new SchemaEvaluator(new SchemaReferences(schema, library)).Evaluate(schema, instance, "").Violations;
}

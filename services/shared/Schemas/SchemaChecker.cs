using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Checks that a value is a schema, before anything is validated against it.</summary>
internal sealed class SchemaChecker(SchemaReferences references)
{
    private static readonly string[] Types = ["array", "boolean", "integer", "null", "number", "object", "string"];

    private readonly List<SchemaViolation> violations = [];

    // What references are relative to, here.
    private SchemaResource resource = references.Root;

    public IReadOnlyList<SchemaViolation> Check(JsonElement schema)
    {
        CheckSchema(schema, "");
        return violations;
    }

    private void CheckSchema(JsonElement schema, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        if (!Expect(schema.ValueKind == JsonValueKind.Object, path, "must be a schema: an object, true or false"))
        {
            return;
        }

        var around = resource;
        resource = references.Enter(around, schema);
        foreach (var keyword in schema.EnumerateObject())
        {
            CheckKeyword(keyword.Name, keyword.Value, JsonPointer.Append(path, keyword.Name));
        }

        resource = around;
    }

    private void CheckKeyword(string name, JsonElement value, string path)
    {
        switch (name)
        {
            case "type":
                CheckType(value, path);
                break;
            case "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties" or "minContains" or "maxContains":
                Expect(value.ValueKind == JsonValueKind.Number && value.GetDouble() >= 0 && double.IsInteger(value.GetDouble()), path, "must be a whole number, 0 or more");
                break;
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                Expect(value.ValueKind == JsonValueKind.Number, path, "must be a number");
                break;
            case "multipleOf":
                Expect(value.ValueKind == JsonValueKind.Number && value.GetDouble() > 0, path, "must be a number above 0");
                break;
            case "uniqueItems":
                Expect(value.ValueKind is JsonValueKind.True or JsonValueKind.False, path, "must be true or false");
                break;
            case "pattern":
                Expect(value.ValueKind == JsonValueKind.String && SchemaPattern.IsValid(value.GetString()!), path, "must be a regular expression");
                break;
            case "enum":
                Expect(value.ValueKind == JsonValueKind.Array, path, "must be an array of the allowed values");
                break;
            case "required":
                CheckNames(value, path);
                break;
            case "$ref" or "$dynamicRef":
                Expect(value.ValueKind == JsonValueKind.String && references.TryResolve(resource, value.GetString()!, out _), path, "must refer to a schema in this document");
                break;
            default:
                CheckSubschemas(name, value, path);
                break;
        }
    }

    private void CheckSubschemas(string name, JsonElement value, string path)
    {
        switch (name)
        {
            case "items" or "contains" or "additionalProperties" or "propertyNames" or "unevaluatedItems" or "unevaluatedProperties" or "not" or "if" or "then" or "else":
                CheckSchema(value, path);
                break;
            case "allOf" or "anyOf" or "oneOf" or "prefixItems":
                if (Expect(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0, path, "must be a list of schemas"))
                {
                    var index = 0;
                    foreach (var item in value.EnumerateArray())
                    {
                        CheckSchema(item, JsonPointer.Append(path, index++));
                    }
                }

                break;
            case "properties" or "patternProperties" or "$defs" or "dependentSchemas":
                CheckMembers(name, value, path);
                break;
            case "dependentRequired" when Expect(value.ValueKind == JsonValueKind.Object, path, "must be an object"):
                foreach (var member in value.EnumerateObject())
                {
                    CheckNames(member.Value, JsonPointer.Append(path, member.Name));
                }

                break;
            default:
                break;
        }
    }

    private void CheckMembers(string name, JsonElement value, string path)
    {
        if (!Expect(value.ValueKind == JsonValueKind.Object, path, "must be an object whose members are schemas"))
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            var place = JsonPointer.Append(path, member.Name);
            Expect(name != "patternProperties" || SchemaPattern.IsValid(member.Name), place, "must be named by a regular expression");
            CheckSchema(member.Value, place);
        }
    }

    private void CheckType(JsonElement value, string path)
    {
        var known = value.ValueKind switch
        {
            JsonValueKind.String => Types.Contains(value.GetString()),
            JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(type => type.ValueKind == JsonValueKind.String && Types.Contains(type.GetString())),
            _ => false,
        };
        Expect(known, path, $"must be one or a list of {string.Join(", ", Types)}");
    }

    private void CheckNames(JsonElement value, string path) => Expect(
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String),
        path,
        "must be an array of property names");

    private bool Expect(bool condition, string path, string expectation)
    {
        if (!condition)
        {
            violations.Add(new SchemaViolation(path, expectation));
        }

        return condition;
    }
}

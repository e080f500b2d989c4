using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Evaluates schemas against values, keyword by keyword.</summary>
internal sealed class SchemaEvaluator(SchemaReferences references)
{
    // Deeper than any schema a person writes; a schema that refers to itself at the same place never ends.
    private const int MaximumDepth = 256;

    // The resources entered, the current one last: what a dynamic reference looks through.
    private readonly List<SchemaResource> scope = [references.Root];

    private int depth;

    /// <summary>Evaluates one schema at one place.</summary>
    public SchemaOutcome Evaluate(JsonElement schema, JsonElement instance, string path)
    {
        var outcome = new SchemaOutcome();
        if (schema.ValueKind == JsonValueKind.False)
        {
            outcome.Refuse(path, "is not allowed here");
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return outcome;
        }

        if (++depth > MaximumDepth)
        {
            outcome.Refuse(path, $"is nested more than {MaximumDepth} schemas deep, or the schema refers to itself without end");
        }
        else
        {
            EvaluateWithin(references.Enter(scope[^1], schema), schema, instance, path, outcome);
        }

        depth--;
        return outcome;
    }

    private void EvaluateWithin(SchemaResource resource, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        scope.Add(resource);
        EvaluateKeywords(resource.Asserts ? schema : SchemaKeywords.WithoutAssertions(schema), instance, path, outcome);
        scope.RemoveAt(scope.Count - 1);
    }

    private void EvaluateKeywords(JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        Reference(schema, "$ref", instance, path, outcome);
        Reference(schema, "$dynamicRef", instance, path, outcome);
        ValueKeywords.Check(schema, instance, path, outcome);
        switch (instance.ValueKind)
        {
            case JsonValueKind.Number:
                NumberKeywords.Check(schema, instance, path, outcome);
                break;
            case JsonValueKind.String:
                StringKeywords.Check(schema, instance.GetString()!, path, outcome);
                break;
            case JsonValueKind.Array:
                ArrayKeywords.Check(this, schema, instance, path, outcome);
                break;
            case JsonValueKind.Object:
                ObjectKeywords.Check(this, schema, instance, path, outcome);
                break;
            default:
                break;
        }

        Combinators.Check(this, schema, instance, path, outcome);
        Unevaluated.Check(this, schema, instance, path, outcome);
    }

    private void Reference(JsonElement schema, string keyword, JsonElement instance, string path, SchemaOutcome outcome)
    {
        if (!schema.TryGetProperty(keyword, out var reference) || reference.ValueKind != JsonValueKind.String)
        {
            return;
        }

        if (!references.TryResolve(scope[^1], reference.GetString()!, out var target))
        {
            outcome.Refuse(path, $"cannot be checked: the schema refers to '{reference.GetString()}', which it does not hold");
            return;
        }

        var (resource, referredSchema) = keyword == "$dynamicRef" ? Redirect(target) : (target.Resource, target.Schema);
        scope.Add(resource);
        var referred = Evaluate(referredSchema, instance, path);
        scope.RemoveAt(scope.Count - 1);
        outcome.TakeViolations(referred);
        outcome.TakeAnnotations(referred);
    }

    // A dynamic anchor stands for the one of its name in the outermost resource that has one.
    private (SchemaResource Resource, JsonElement Schema) Redirect(SchemaTarget target) =>
        target.DynamicAnchor is { } anchor && scope.Find(resource => resource.DynamicAnchors.Contains(anchor)) is { } outermost
            ? (outermost, outermost.Anchors[anchor])
            : (target.Resource, target.Schema);
}

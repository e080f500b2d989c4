using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Finds what a <c>$ref</c> names within one schema document.</summary>
internal sealed class SchemaReferences
{
    private readonly JsonElement root;
    private readonly Dictionary<string, JsonElement> named = new(StringComparer.Ordinal);

    public SchemaReferences(JsonElement root)
    {
        this.root = root;
        Index(root);
    }

    /// <summary>The schema that a reference names: "#", "#/$defs/name", "#anchor", or the <c>$id</c> of an embedded schema.</summary>
    public bool TryResolve(string reference, out JsonElement schema)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var document = hash < 0 ? reference : reference[..hash];
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        schema = root;
        if (document.Length > 0 && !named.TryGetValue(document, out schema))
        {
            return false;
        }

        return fragment switch
        {
            "" => true,
            ['/', ..] => Follow(fragment, ref schema),
            _ => named.TryGetValue("#" + fragment, out schema),
        };
    }

    private static bool Follow(string pointer, ref JsonElement schema)
    {
        foreach (var token in pointer[1..].Split('/').Select(JsonPointer.Unescape))
        {
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(token, out var member))
            {
                schema = member;
            }
            else if (schema.ValueKind == JsonValueKind.Array && int.TryParse(token, out var index) && index >= 0 && index < schema.GetArrayLength())
            {
                schema = schema[index];
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private void Index(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Index(item);
            }
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Name(element, "$id", "");
        Name(element, "$anchor", "#");
        Name(element, "$dynamicAnchor", "#");
        foreach (var property in element.EnumerateObject().Where(property => property.Name is not ("enum" or "const")))
        {
            Index(property.Value);
        }
    }

    private void Name(JsonElement schema, string keyword, string prefix)
    {
        if (schema.TryGetProperty(keyword, out var name) && name.ValueKind == JsonValueKind.String)
        {
            named.TryAdd(prefix + name.GetString(), schema);
        }
    }
}

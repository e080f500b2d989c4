using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Finds what references name: within one schema document, and in the documents of a library.</summary>
internal sealed class SchemaReferences
{
    private const string ValidationVocabulary = "https://json-schema.org/draft/2020-12/vocab/validation";

    // The address of a schema that states none.
    private static readonly Uri Nameless = new("https://schema.invalid/");

    private readonly SchemaLibrary library;
    private readonly Dictionary<string, SchemaResource> resources = new(StringComparer.Ordinal);

    public SchemaReferences(JsonElement root, SchemaLibrary library)
    {
        this.library = library;
        Root = AddDocument(Nameless, root);
    }

    /// <summary>The document itself.</summary>
    public SchemaResource Root { get; }

    /// <summary>The resource that a schema lies in, given the one around it: its own where it has an identifier.</summary>
    public SchemaResource Enter(SchemaResource around, JsonElement schema) =>
        Identifier(schema) is { } identifier && resources.TryGetValue(Key(Combine(around.Address, identifier)), out var own) ? own : around;

    /// <summary>The schema that a reference names: "#", "#/$defs/name", "#anchor", an <c>$id</c>, or an address in the library.</summary>
    public bool TryResolve(SchemaResource from, string reference, out SchemaTarget target)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var document = hash < 0 ? reference : reference[..hash];
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        target = default;
        if (Find(from, document) is not { } resource)
        {
            return false;
        }

        if (fragment.Length == 0 || fragment[0] == '/')
        {
            return TryFollow(resource, fragment, out target);
        }

        var isFound = resource.Anchors.TryGetValue(fragment, out var named);
        target = new SchemaTarget(resource, named, resource.DynamicAnchors.Contains(fragment) ? fragment : null);
        return isFound;
    }

    private SchemaResource? Find(SchemaResource from, string document)
    {
        if (document.Length == 0)
        {
            return from;
        }

        var address = Combine(from.Address, document);
        return resources.TryGetValue(Key(address), out var known) ? known
            : library.TryGet(Key(address), out var schema) ? AddDocument(address, schema)
            : null;
    }

    private bool TryFollow(SchemaResource resource, string pointer, out SchemaTarget target)
    {
        var (place, around) = (resource.Root, resource);
        foreach (var token in pointer.Split('/').Skip(1).Select(JsonPointer.Unescape))
        {
            if (place.ValueKind == JsonValueKind.Object && place.TryGetProperty(token, out var member))
            {
                place = member;
            }
            else if (place.ValueKind == JsonValueKind.Array && int.TryParse(token, out var index) && index >= 0 && index < place.GetArrayLength())
            {
                place = place[index];
            }
            else
            {
                target = default;
                return false;
            }

            around = Enter(around, place);
        }

        target = new SchemaTarget(around, place, null);
        return true;
    }

    private SchemaResource AddDocument(Uri address, JsonElement root)
    {
        var resource = new SchemaResource(Identifier(root) is { } identifier ? Combine(address, identifier) : address, root, Asserts(root, inherited: true));
        resources[Key(address)] = resource;
        resources[Key(resource.Address)] = resource;
        if (root.ValueKind == JsonValueKind.Object)
        {
            AddNames(resource, root);
        }

        return resource;
    }

    private void AddNames(SchemaResource around, JsonElement schema)
    {
        var resource = around;
        if (Identifier(schema) is { } identifier && Combine(around.Address, identifier) is var address && Key(address) != Key(around.Address))
        {
            resource = new SchemaResource(address, schema, Asserts(schema, around.Asserts));
            resources.TryAdd(Key(address), resource);
        }

        if (Text(schema, "$anchor") is { } anchor)
        {
            resource.Anchors.TryAdd(anchor, schema);
        }

        if (Text(schema, "$dynamicAnchor") is { } dynamicAnchor)
        {
            resource.Anchors.TryAdd(dynamicAnchor, schema);
            resource.DynamicAnchors.Add(dynamicAnchor);
        }

        foreach (var subschema in SchemaKeywords.Subschemas(schema))
        {
            AddNames(resource, subschema);
        }
    }

    // A metaschema that lists its vocabularies and leaves out the one for validation makes its keywords mere annotations.
    private bool Asserts(JsonElement root, bool inherited) =>
        Text(root, "$schema") is { } metaschema && library.TryGet(metaschema, out var meta) && meta.TryGetProperty("$vocabulary", out var vocabularies)
            ? vocabularies.TryGetProperty(ValidationVocabulary, out _)
            : inherited;

    // An identifier that is a fragment alone names no resource.
    private static string? Identifier(JsonElement schema) => Text(schema, "$id")?.Split('#')[0] is { Length: > 0 } identifier ? identifier : null;

    private static string? Text(JsonElement schema, string keyword) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // A path alone would be taken for a file.
    private static Uri Combine(Uri around, string reference) =>
        !reference.StartsWith('/') && Uri.TryCreate(reference, UriKind.Absolute, out var absolute) ? absolute
        : Uri.TryCreate(around, reference, out var combined) ? combined
        : around;

    private static string Key(Uri address) => address.OriginalString.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? address.OriginalString : address.AbsoluteUri;
}

using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>A schema with an identifier of its own, and the names within it.</summary>
internal sealed class SchemaResource(Uri address, JsonElement root, bool asserts)
{
    /// <summary>What references within it are relative to.</summary>
    public Uri Address => address;

    public JsonElement Root => root;

    /// <summary>Whether the vocabulary for validation is in force: where it is not, its keywords say nothing.</summary>
    public bool Asserts => asserts;

    /// <summary>The schemas that an <c>$anchor</c> or a <c>$dynamicAnchor</c> names.</summary>
    public Dictionary<string, JsonElement> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Which of the anchors are dynamic: a schema that refers here may lead elsewhere.</summary>
    public HashSet<string> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}

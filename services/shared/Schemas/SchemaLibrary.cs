using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Schemas that others may refer to by their address; nothing is ever fetched.</summary>
public sealed class SchemaLibrary
{
    private readonly Dictionary<string, JsonElement> schemas = new(StringComparer.Ordinal);

    /// <summary>A library that holds nothing.</summary>
    public static SchemaLibrary Empty { get; } = new();

    /// <summary>Adds a schema under its address.</summary>
    public void Add(string address, JsonNode? schema) => schemas[address] = JsonSerializer.SerializeToElement(schema);

    internal bool TryGet(string address, out JsonElement schema) => schemas.TryGetValue(address, out schema);
}

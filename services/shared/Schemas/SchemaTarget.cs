using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>What a reference leads to.</summary>
/// <param name="Resource">The schema resource that it lies in.</param>
/// <param name="Schema">The schema.</param>
/// <param name="DynamicAnchor">The dynamic anchor that it was found by; null when by anything else.</param>
internal readonly record struct SchemaTarget(SchemaResource Resource, JsonElement Schema, string? DynamicAnchor);

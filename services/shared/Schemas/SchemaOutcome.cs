namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>What the evaluation of one schema at one place found.</summary>
internal sealed class SchemaOutcome
{
    private readonly List<SchemaViolation> violations = [];

    public IReadOnlyList<SchemaViolation> Violations => violations;

    public bool IsValid => violations.Count == 0;

    /// <summary>The properties that some keyword has looked at; what <c>unevaluatedProperties</c> leaves alone.</summary>
    public HashSet<string> EvaluatedProperties { get; } = new(StringComparer.Ordinal);

    /// <summary>The items that some keyword has looked at; what <c>unevaluatedItems</c> leaves alone.</summary>
    public HashSet<int> EvaluatedItems { get; } = [];

    public void Refuse(string path, string message) => violations.Add(new SchemaViolation(path, message));

    /// <summary>Takes over a subschema's violations, for the same place or a part of it.</summary>
    public void TakeViolations(SchemaOutcome other) => violations.AddRange(other.Violations);

    /// <summary>Takes over what a subschema for the same place has looked at; nothing counts as looked at by a schema that does not fit.</summary>
    public void TakeAnnotations(SchemaOutcome other)
    {
        if (other.IsValid)
        {
            EvaluatedProperties.UnionWith(other.EvaluatedProperties);
            EvaluatedItems.UnionWith(other.EvaluatedItems);
        }
    }
}

namespace Mainstay.Skills.Rendering.Running;

/// <summary>What <c>namespace()</c> returns: names that an assignment within a loop may change.</summary>
internal sealed class NamespaceValue
{
    public Dictionary<string, object> Values { get; } = new(StringComparer.Ordinal);
}

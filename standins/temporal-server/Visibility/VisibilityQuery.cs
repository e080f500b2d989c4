namespace Mainstay.TemporalServer.Visibility;

/// <summary>A parsed query: its condition, if any, and the attribute it groups by, if any.</summary>
internal sealed record VisibilityQuery(Condition? Where, string? GroupBy);

/// <summary>What a run has to be like.</summary>
internal abstract record Condition
{
    /// <summary>Both hold.</summary>
    public sealed record And(Condition Left, Condition Right) : Condition;

    /// <summary>At least one holds.</summary>
    public sealed record Or(Condition Left, Condition Right) : Condition;

    /// <summary>The condition does not hold.</summary>
    public sealed record Not(Condition Inner) : Condition;

    /// <summary>An attribute compared with a value.</summary>
    public sealed record Compare(string Name, string Operator, Token Value) : Condition;

    /// <summary>An attribute is one of some values, or is none of them.</summary>
    public sealed record In(string Name, IReadOnlyList<Token> Values, bool Negated) : Condition;

    /// <summary>An attribute lies between two values, both included, or does not.</summary>
    public sealed record Between(string Name, Token Low, Token High, bool Negated) : Condition;

    /// <summary>An attribute begins with a text, or does not.</summary>
    public sealed record StartsWith(string Name, Token Value, bool Negated) : Condition;

    /// <summary>An attribute is not set, or is.</summary>
    public sealed record IsNull(string Name, bool Negated) : Condition;
}

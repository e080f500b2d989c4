namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>A place in a template; line and column count from one.</summary>
internal readonly record struct SourcePosition(int Line, int Column)
{
    /// <summary>The place of a character.</summary>
    public static SourcePosition Of(string source, int index)
    {
        var before = source.AsSpan(0, Math.Min(index, source.Length));
        return new SourcePosition(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}

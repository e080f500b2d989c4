namespace Mainstay.Skills.Rendering;

/// <summary>What one rendering may use, so that no template can hold up or exhaust the service.</summary>
internal sealed record RenderLimits
{
    public static RenderLimits Default { get; } = new();

    /// <summary>Evaluations of an expression, statement or item; a long text made counts too, one step for every 64 characters.</summary>
    public int Steps { get; init; } = 2_000_000;

    /// <summary>Characters of the output, and of any one text made on the way.</summary>
    public int TextLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Items of any one list.</summary>
    public int Items { get; init; } = 1_000_000;

    /// <summary>Macros, includes and recursive loops within one another.</summary>
    public int Calls { get; init; } = 200;
}

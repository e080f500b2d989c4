namespace Mainstay.Skills.Rendering;

/// <summary>How a template is read and rendered; the defaults are Jinja2's.</summary>
internal sealed record TemplateOptions
{
    public static TemplateOptions Default { get; } = new();

    /// <summary>Whether using a variable without a value is an error rather than empty text.</summary>
    public bool StrictUndefined { get; init; }

    /// <summary>Whether the first newline after a block tag or comment is dropped.</summary>
    public bool TrimBlocks { get; init; }

    /// <summary>Whether the blanks between the line's start and a block tag or comment are dropped.</summary>
    public bool LstripBlocks { get; init; }

    /// <summary>Whether a newline at the template's end stays.</summary>
    public bool KeepTrailingNewline { get; init; }
}

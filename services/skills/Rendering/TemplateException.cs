using Mainstay.Skills.Rendering.Syntax;

namespace Mainstay.Skills.Rendering;

/// <summary>A template that does not parse or render: why, where, and by which variable.</summary>
internal sealed class TemplateException(TemplateErrorKind kind, string reason, SourcePosition? position = null, string variable = "") : Exception(reason)
{
    public TemplateErrorKind Kind { get; } = kind;

    /// <summary>The place in the template; null until it is known.</summary>
    public SourcePosition? Position { get; } = position;

    /// <summary>The variable at fault, as the template writes it; empty when none is.</summary>
    public string Variable { get; } = variable;

    /// <summary>The reason with its place before it.</summary>
    public override string Message => Position is { } place ? $"line {place.Line}, column {place.Column}: {Reason}" : Reason;

    private string Reason => base.Message;

    /// <summary>The same refusal with a place, unless it has one.</summary>
    public TemplateException At(SourcePosition place) => Position is null ? new TemplateException(Kind, Reason, place, Variable) : this;

    public static TemplateException Runtime(string reason) => new(TemplateErrorKind.Runtime, reason);

    public static TemplateException Limit(string reason) => new(TemplateErrorKind.Limit, reason);

    public static TemplateException Security(string reason) => new(TemplateErrorKind.Security, reason);
}

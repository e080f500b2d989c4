namespace Mainstay.Skills.Rendering.Values;

/// <summary>What a name without a value stands for: empty text, or nothing that may be used at all.</summary>
/// <param name="Name">What the template wrote.</param>
/// <param name="Reason">Why there is no value.</param>
/// <param name="IsStrict">Whether any use is an error.</param>
/// <param name="IsUnsafe">Whether there is a value that templates must not see.</param>
internal sealed record Undefined(string Name, string Reason, bool IsStrict, bool IsUnsafe = false)
{
    /// <summary>The error for a use that no undefined value allows.</summary>
    public TemplateException Error() => new(IsUnsafe ? TemplateErrorKind.Security : TemplateErrorKind.Undefined, Reason, variable: Name);

    /// <summary>Refuses a use that only the lenient mode allows.</summary>
    public void Tolerate()
    {
        if (IsStrict)
        {
            throw Error();
        }
    }
}

namespace Mainstay.Skills.Rendering;

/// <summary>Why a template is refused.</summary>
internal enum TemplateErrorKind
{
    /// <summary>The template does not parse.</summary>
    Syntax,

    /// <summary>It names a filter or test that there is none of.</summary>
    UnknownFilterOrTest,

    /// <summary>It uses a variable that has no value.</summary>
    Undefined,

    /// <summary>It reaches for what a template must not touch.</summary>
    Security,

    /// <summary>It takes more steps, room or depth than one rendering may.</summary>
    Limit,

    /// <summary>An operation does not fit its values.</summary>
    Runtime,
}

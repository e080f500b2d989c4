namespace Mainstay.Skills.Rendering.Running;

/// <summary>Where a part of a template runs: for which rendering, with which names, writing where.</summary>
internal sealed record Frame(TemplateRun Run, Scope Scope, Output Output)
{
    /// <summary>A part with names of its own.</summary>
    public Frame Inner() => this with { Scope = new Scope(Scope) };

    /// <summary>A part with names of its own whose text is not written but kept.</summary>
    public Frame Capturing() => this with { Scope = new Scope(Scope), Output = new Output(Run.Budget) };
}

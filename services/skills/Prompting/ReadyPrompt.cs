using System.Text.Json;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Prompting;

/// <summary>What is needed of a version to render it, read and parsed once.</summary>
internal sealed class ReadyPrompt(Skill skill)
{
    public string Version { get; } = skill.Version;

    public string Digest { get; } = skill.Digest;

    /// <summary>The template of the prompt.</summary>
    public Template Prompt { get; } = PromptTemplate.Parse(skill.PromptTemplate);

    /// <summary>The template of the message after it; null where there is none.</summary>
    public Template? User { get; } = skill.UserTemplate.Length > 0 ? PromptTemplate.Parse(skill.UserTemplate) : null;

    /// <summary>What the variables are held to; null where nothing is asked of them.</summary>
    public JsonElement? VariablesSchema { get; } = skill.VariablesSchema is { } schema ? JsonSerializer.SerializeToElement(schema.ToJsonObject()) : null;
}

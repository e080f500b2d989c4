using System.Collections.Concurrent;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Prompting;

/// <summary>Keeps parsed templates by the digest of their version, which never changes.</summary>
internal sealed class TemplateCache
{
    private const int MostTemplates = 2000;

    private readonly ConcurrentDictionary<string, Template> templates = new(StringComparer.Ordinal);

    /// <summary>The template of the prompt.</summary>
    public Template Prompt(Skill skill) => Get(skill.Digest, skill.PromptTemplate);

    /// <summary>The template of the task.</summary>
    public Template User(Skill skill) => Get($"{skill.Digest}/user", skill.UserTemplate);

    private Template Get(string key, string source)
    {
        if (templates.TryGetValue(key, out var known))
        {
            return known;
        }

        // Starting over is rare, and parsing again is cheap.
        if (templates.Count >= MostTemplates)
        {
            templates.Clear();
        }

        return templates.GetOrAdd(key, PromptTemplate.Parse(source));
    }
}

using System.Collections.Concurrent;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Prompting;

/// <summary>Keeps parsed templates by the digest of their version, which never changes.</summary>
internal sealed class TemplateCache
{
    private const int MostTemplates = 2000;

    private readonly ConcurrentDictionary<string, Template> templates = new(StringComparer.Ordinal);

    public Template Get(Skill skill)
    {
        if (templates.TryGetValue(skill.Digest, out var known))
        {
            return known;
        }

        // Starting over is rare, and parsing again is cheap.
        if (templates.Count >= MostTemplates)
        {
            templates.Clear();
        }

        return templates.GetOrAdd(skill.Digest, PromptTemplate.Parse(skill.PromptTemplate));
    }
}

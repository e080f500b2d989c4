using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Microsoft.Extensions.Caching.Memory;

namespace Mainstay.Skills.Prompting;

/// <summary>Keeps what is ready to be rendered by the digest of its version, which never changes; up to a limit, those longest that were used last.</summary>
internal sealed class ReadyPrompts(CacheLimits limits) : IDisposable
{
    // A parsed template takes about four times its text, beside what each prompt has.
    private const int Overhead = 2048;
    private const int BytesPerCharacter = 8;

    // Of what contents may take: these are made from them, and made again.
    private const int Share = 4;

    private readonly MemoryCache prompts = new(new MemoryCacheOptions { SizeLimit = limits.MostBytes / Share });

    /// <summary>What was made ready before; null when it has to be.</summary>
    public ReadyPrompt? Find(string digest) => prompts.Get<ReadyPrompt>(digest);

    /// <summary>Makes a version ready, unless it is.</summary>
    public ReadyPrompt Of(Skill skill) => Find(skill.Digest) ?? prompts.Set(skill.Digest, new ReadyPrompt(skill), new MemoryCacheEntryOptions { Size = Size(skill) });

    public void Dispose() => prompts.Dispose();

    private static long Size(Skill skill) =>
        Overhead + ((long)BytesPerCharacter * (skill.PromptTemplate.Length + skill.UserTemplate.Length)) + (skill.VariablesSchema?.CalculateSize() ?? 0);
}

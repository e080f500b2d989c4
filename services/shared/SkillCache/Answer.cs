namespace Mainstay.SkillCache;

/// <summary>What the registry answered.</summary>
/// <param name="Value">The answer.</param>
/// <param name="IsStale">Whether the registry was away, so that this is its last answer and not its newest.</param>
public sealed record Answer<T>(T Value, bool IsStale);

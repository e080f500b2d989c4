namespace Mainstay.Audit.Tests;

/// <summary>Tests that run when no other does: what they measure is the whole process's.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

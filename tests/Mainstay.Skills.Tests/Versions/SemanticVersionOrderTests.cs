using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Tests.Versions;

public sealed class SemanticVersionOrderTests
{
    // The example of semver.org, 11, and the traps around it.
    private static readonly string[] Ascending =
    [
        "0.9.0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
        "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0-0", "2.0.0", "10.0.0",
    ];

    [Fact]
    public void Of_VersionsInOrder_SortsThemByteByByte() =>
        Assert.Equal(Ascending, Ascending.Reverse().OrderBy(version => SemanticVersionOrder.Of(SemanticVersion.Parse(version)), StringComparer.Ordinal));
}

using Mainstay.ToolGateway.Permissions;

namespace Mainstay.ToolGateway.Tests.Permissions;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("filesystem.read_file", "filesystem.read_file")]
    [InlineData("filesystem.*", "filesystem.read_file")]
    [InlineData("filesystem.*", "filesystem.")]
    [InlineData("*.read_*", "filesystem.read_file")]
    [InlineData("*", "anything")]
    [InlineData("*", "")]
    [InlineData("**", "anything")]
    [InlineData("a*b*c", "a-b-b-c")]
    [InlineData("*ab*ab", "abab")]
    [InlineData("*.csv", "a.csv.csv")]
    public void Matches_FittingText_IsTrue(string pattern, string text) => Assert.True(Wildcard.Matches(pattern, text));

    [Theory]
    [InlineData("filesystem.read_file", "filesystem.read_file2")]
    [InlineData("filesystem.read_file", "Filesystem.read_file")]
    [InlineData("filesystem.*", "filesystem2.read_file")]
    [InlineData("filesystem.*", "my-filesystem.read_file")]
    [InlineData("ab*ba", "aba")]
    [InlineData("a*b*c", "acb")]
    [InlineData("*ab*ab", "ab")]
    [InlineData("a.c", "abc")]
    [InlineData("a?c", "abc")]
    [InlineData("[a]", "a")]
    public void Matches_OtherText_IsFalse(string pattern, string text) => Assert.False(Wildcard.Matches(pattern, text));

    [Fact]
    public void Matches_ManyWildcardsAndALongText_AnswersInTheTimeOfOnePass() =>
        Assert.False(Wildcard.Matches($"{string.Concat(Enumerable.Repeat("*a", 500))}*b", new string('a', 1_000_000)));
}

namespace Mainstay.Audit.Tests;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("größe 😀", "größe 😀")]
    [InlineData("one\r\ntwo", @"one\u000d\u000atwo")]
    [InlineData("\u001b[31mred", @"\u001b[31mred")]
    [InlineData("a\u202eb\u2028c", @"a\u202eb\u2028c")]
    public void Of_Text_ShowsWhatWouldAct(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text));

    [Fact]
    public void Of_LoneSurrogate_IsReplaced() => Assert.Equal("lone \uFFFD", VisibleText.Of($"lone {(char)0xd800}"));
}

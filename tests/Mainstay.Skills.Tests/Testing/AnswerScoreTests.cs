using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.Testing;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Testing;

public sealed class AnswerScoreTests
{
    [Theory]
    [InlineData(ExampleScoring.Exact, """{"verdict": "pass", "n": 1}""", """{"n": 1.0, "verdict": "pass"}""", true)]
    [InlineData(ExampleScoring.Exact, """{"verdict": "pass"}""", "```json\n{\"verdict\": \"pass\"}\n```", true)]
    [InlineData(ExampleScoring.Exact, """{"verdict": "pass"}""", """{"verdict": "fail"}""", false)]
    [InlineData(ExampleScoring.Exact, """{"verdict": "pass"}""", """{"verdict": "pass", "n": 1}""", false)]
    [InlineData(ExampleScoring.Contains, """{"verdict": "pass"}""", """{"verdict": "Pass, with notes", "n": 1}""", true)]
    [InlineData(ExampleScoring.Contains, """{"tests": [2]}""", """{"tests": [1, 2, 3]}""", true)]
    [InlineData(ExampleScoring.Contains, """{"tests": [4]}""", """{"tests": [1, 2, 3]}""", false)]
    [InlineData(ExampleScoring.Contains, "\"verdict\"", """{"verdict": "pass"}""", true)]
    [InlineData(ExampleScoring.Schema, "null", "{}", true)]
    [InlineData(ExampleScoring.Schema, "null", "plain words", false)]
    [InlineData(ExampleScoring.Schema, "null", """{"n": 1, "n": 2}""", false)]
    public void Problem_AnswerUnderASchema_IsHeldAgainstTheExample(ExampleScoring scoring, string expected, string answer, bool passes) =>
        Assert.Equal(passes, Problem(new Skill { OutputSchema = Struct.Parser.ParseJson("""{"type": "object"}""") }, scoring, expected, answer).Length == 0);

    [Theory]
    [InlineData(ExampleScoring.Exact, "\"42\"", "42\n", true)]
    [InlineData(ExampleScoring.Exact, "42", "42", true)]
    [InlineData(ExampleScoring.Exact, "\"yes\"", "Yes", false)]
    [InlineData(ExampleScoring.Contains, "\"yes\"", "Yes, it is.", true)]
    [InlineData(ExampleScoring.Contains, "\"no\"", "Yes.", false)]
    public void Problem_PlainText_IsHeldAgainstTheExample(ExampleScoring scoring, string expected, string answer, bool passes) =>
        Assert.Equal(passes, Problem(new Skill(), scoring, expected, answer).Length == 0);

    private static string Problem(Skill skill, ExampleScoring scoring, string expected, string answer) =>
        AnswerScore.Problem(skill, new SkillExample { ExpectedOutput = Value.Parser.ParseJson(expected) }, scoring, answer);
}

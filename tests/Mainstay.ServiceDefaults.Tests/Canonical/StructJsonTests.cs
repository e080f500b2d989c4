using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.ServiceDefaults.Tests.Canonical;

public sealed class StructJsonTests
{
    private const string Text = """{"a":[1,0.5,null,true,"x",{}],"b":-3}""";

    [Fact]
    public void ToJsonNode_ObjectFromProtobuf_KeepsEveryValueAndWholeNumbersWhole() =>
        Assert.Equal(Text, Struct.Parser.ParseJson(Text).ToJsonObject().ToJsonString());

    [Fact]
    public void ToValue_Node_ComesBackTheSame() => Assert.Equal(Text, JsonNode.Parse(Text).ToValue().ToJsonNode()!.ToJsonString());

    [Fact]
    public void ToJsonNode_NumberThatJsonCannotHold_IsRefused() =>
        Assert.Throws<FormatException>(() => Value.ForNumber(double.NaN).ToJsonNode());
}

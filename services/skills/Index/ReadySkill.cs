namespace Mainstay.Skills.Index;

/// <summary>An answer of GetSkill as the bytes that travel.</summary>
internal sealed class ReadySkill(byte[] bytes)
{
    public byte[] Bytes => bytes;
}

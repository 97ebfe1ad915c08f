using System.Runtime.InteropServices;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>Zeroed memory that goes back to the system at once.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    public NativeBuffer(long length)
    {
        Length = length;
        Pointer = (byte*)NativeMemory.AllocZeroed((nuint)length);
    }

    public byte* Pointer { get; private set; }

    public long Length { get; }

    public void Dispose()
    {
        if (Pointer == null)
            return;
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}

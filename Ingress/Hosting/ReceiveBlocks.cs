using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>
/// Gives Kestrel blocks of 64 KiB instead of 4: a picture then takes two or three reads from its socket instead of thirty. Blocks are held
/// only while bytes are on their way, not by callers who wait. A crowd that keeps many of them, with headers that never end, gets small ones.
/// </summary>
internal sealed class ReceiveBlocks : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private const int BlockBytes = 64 * 1024;
        private const int SmallBlockBytes = 4 * 1024;
        private const int MostKept = 128;
        private const int MostLarge = 512;
        private readonly ConcurrentQueue<Block> _free = new();
        private int _kept;
        private int _lent;

        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
            if (Interlocked.Increment(ref _lent) > MostLarge && minBufferSize <= SmallBlockBytes)
                return new Block(this, SmallBlockBytes);
            if (!_free.TryDequeue(out var block))
                return new Block(this, BlockBytes);
            Interlocked.Decrement(ref _kept);
            block.Reuse();
            return block;
        }

        protected override void Dispose(bool disposing) => _free.Clear();

        private void Return(Block block)
        {
            Interlocked.Decrement(ref _lent);
            if (block.Memory.Length < BlockBytes)
                return;
            // What a flood took beyond this goes back to the runtime.
            if (Interlocked.Increment(ref _kept) <= MostKept)
                _free.Enqueue(block);
            else
                Interlocked.Decrement(ref _kept);
        }

        private sealed class Block(Pool pool, int bytes) : IMemoryOwner<byte>
        {
            // Those that are kept are pinned for good, so that sockets need not pin them for each read.
            private readonly byte[] _array = GC.AllocateUninitializedArray<byte>(bytes, pinned: bytes == BlockBytes);
            private int _returned;

            public Memory<byte> Memory => bytes == BlockBytes ? MemoryMarshal.CreateFromPinnedArray(_array, 0, bytes) : _array;

            public void Reuse() => Volatile.Write(ref _returned, 0);

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _returned, 1) == 0)
                    pool.Return(this);
            }
        }
    }
}

package evq

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestOrderAndDrop(t *testing.T) {
	var q Queue[int]
	q.Init(100, 1<<20)
	for i := range 250 {
		q.Push(i, 1)
	}
	_, dropped, err := q.Pop(t.Context())
	require.NoError(t, err)
	require.Equal(t, 150, dropped)
	for i := 150; i < 250; i++ {
		v, dropped, err := q.Pop(t.Context())
		require.NoError(t, err)
		require.Zero(t, dropped)
		require.Equal(t, i, v)
	}
	require.Nil(t, q.ring, "an empty queue gives a large ring back")
}

func TestWeightBound(t *testing.T) {
	var q Queue[string]
	q.Init(100, 10)
	q.Push("a", 4)
	q.Push("b", 4)
	q.Push("c", 4)
	_, dropped, _ := q.Pop(t.Context())
	require.Equal(t, 1, dropped)
	q.Push("huge", 1000)
	require.Equal(t, 1, q.Len(), "a value above the bound is taken, alone")
	_, dropped, _ = q.Pop(t.Context())
	require.Equal(t, 2, dropped)
	v, _, _ := q.Pop(t.Context())
	require.Equal(t, "huge", v)
	q.Push("d", 4)
	q.Push("e", 4)
	require.Equal(t, 2, q.Len(), "the room of a taken value comes back")
}

func TestCloseDrainsFirst(t *testing.T) {
	var q Queue[int]
	q.Init(4, 4)
	q.Push(1, 1)
	end := errors.New("end")
	q.Close(end)
	q.Close(errors.New("second"))
	q.Push(2, 1)
	v, _, err := q.Pop(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, v)
	_, _, err = q.Pop(t.Context())
	require.Equal(t, end, err)
}

func TestPopWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q Queue[int]
		q.Init(4, 4)
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan error, 1)
		go func() {
			_, _, err := q.Pop(ctx)
			got <- err
		}()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-got, context.Canceled)
		go func() {
			v, _, err := q.Pop(t.Context())
			if v != 7 {
				err = errors.New("wrong value")
			}
			got <- err
		}()
		synctest.Wait()
		q.Push(7, 1)
		require.NoError(t, <-got)
	})
}

func TestConcurrentPush(t *testing.T) {
	var q Queue[int]
	q.Init(1<<16, 1<<20)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 1000 {
				q.Push(i, 1)
			}
		})
	}
	for range 8000 {
		_, dropped, err := q.Pop(t.Context())
		require.NoError(t, err)
		require.Zero(t, dropped)
	}
	wg.Wait()
	require.Zero(t, q.Len())
}

func BenchmarkPushPop(b *testing.B) {
	var q Queue[int]
	q.Init(1024, 1<<20)
	b.ReportAllocs()
	for b.Loop() {
		q.Push(1, 1)
		if _, _, err := q.Pop(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
